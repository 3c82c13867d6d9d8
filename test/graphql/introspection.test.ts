import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { api, catalog } from './translated.ts';

const server = serverForFile();

/** @returns the schema as a credential with these scopes sees it */
async function seenBy(...scopes: string[]): Promise<string> {
  const key = await server.createKey(...scopes);
  const query = getIntrospectionQuery({ specifiedByUrl: true, oneOf: true, inputValueDeprecation: true });
  const response = await server.fetch('/graphql', { key, json: { query } });
  const { data } = (await response.json()) as { data: IntrospectionQuery };
  return printSchema(buildClientSchema(data));
}

describe('introspection', () => {
  test('shows the whole schema to a caller with all scopes', async () => {
    const all = await seenBy(...catalog.scopes);
    expect(all).toBe(printSchema(api.schema));
  });

  test('shows no restricted field, nor what is computed from it, to others', async () => {
    const seen = await seenBy('read');
    expect(seen).toMatch(/type Product \{[^}]*\bprice: Decimal!/);
    const ofData = seen.match(/^(type|input) (Product|Customer|Supplier)\w* .*\{[^}]*\}/gm)!;
    expect(ofData.length).toBeGreaterThan(10);
    expect(ofData.join()).not.toMatch(/\b(cost|margin|email|phone)\b/);
  });

  test('shows restricted fields one by one', async () => {
    const seen = await seenBy('read', 'products.cost:read');
    expect(seen).toMatch(/\bcost: Decimal\b/);
    expect(seen).toMatch(/\bmargin: Decimal\b/);
    expect(/^type Customer \{[^}]*\}/m.exec(seen)?.[0]).not.toMatch(/\bemail\b/);
  });

  test('shows only the sets that the caller may read, and no relation to other sets', async () => {
    const seen = await seenBy('products:read');
    expect(seen).toMatch(/\bproducts\(/);
    expect(seen).not.toMatch(/\b(orders|Order|Category|category|supplier|orderItems|StockLevel)\b/);
  });

  test("shows the platform's part to administrators", async () => {
    expect(await seenBy('read')).not.toMatch(/auditEvents|AuditEvent/);
    const seen = await seenBy('admin');
    expect(seen).toMatch(/auditEvents\(/);
    expect(seen).not.toMatch(/\bproducts\(/);
  });
});

test('shows a user’s own platform fields with any credential', async () => {
  const seen = await seenBy('products:read');
  expect(seen).toMatch(/apiKeys\(/);
  expect(seen).toMatch(/createApiKey\(/);
});

describe('the schema', () => {
  const printed = printSchema(api.schema);

  test('says the scope that a restricted field takes', () => {
    expect(printed).toMatch(/"""Purchase price. Needs the scope `products.cost:read`."""\s+cost: Decimal/);
    expect(printed).toMatch(
      /Needs the scope `products.cost:read`."""\s+margin|Needs the scope `products.cost:read`.\s+"""\s+margin/,
    );
  });

  test('never shows what a key is sealed with, nor whose it is', () => {
    expect(printed).not.toMatch(/sealed|passwordHash|UserKey/);
  });

  test('describes every type, argument and input field', () => {
    const types = Object.values(api.schema.getTypeMap()).filter(type => !type.name.startsWith('__'));
    const bare = types.filter(type => !type.description && !['OrderStatus', 'Season'].includes(type.name));
    expect(bare.map(type => type.name)).toEqual([]);
  });
});
