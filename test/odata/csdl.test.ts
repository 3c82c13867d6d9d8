// $metadata held against the schemas of CSDL, in both forms, and the forms against one another.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
// @ts-expect-error: it has no types
import { xml2json } from 'odata-csdl';
import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;
let readOnly: Get;

const server = serverForFile();
beforeAll(async () => {
  get = client(server);
  readOnly = client(server, await server.createKey('products:read', 'categories:read', 'categories:write'));
});

const schemas = fileURLToPath(new URL('../../node_modules/odata-csdl/schemas', import.meta.url));
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

const xmlOf = async (by: Get) => (await by('/$metadata', { accept: 'application/xml' })).text;
const jsonOf = async (by: Get) => (await by('/$metadata', { accept: 'application/json' })).body;

describe('CSDL XML', () => {
  test.skipIf(!hasXmllint)('is valid by the schema of the standard', async () => {
    for (const by of [get, readOnly]) {
      const file = join(mkdtempSync(join(tmpdir(), 'csdl-')), 'metadata.xml');
      writeFileSync(file, await xmlOf(by));
      const check = () =>
        execFileSync('xmllint', ['--nonet', '--noout', '--schema', join(schemas, 'edmx.xsd'), file], {
          encoding: 'utf8',
          stdio: 'pipe',
          env: { ...process.env, XML_CATALOG_FILES: join(schemas, '../catalog.xml') },
        });
      expect(check).not.toThrow();
    }
  });
});

describe('CSDL JSON', () => {
  test('is valid by the schema of the standard', async () => {
    const schema = JSON.parse(readFileSync(join(schemas, 'csdl.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    for (const by of [get, readOnly]) {
      validate(await jsonOf(by));
      expect(validate.errors).toBeNull();
    }
  });

  test('says what the XML says', async () => {
    for (const by of [get, readOnly]) {
      const converted = xml2json(await xmlOf(by));
      expect(comparable(await jsonOf(by))).toEqual(comparable(converted));
    }
  });

  test('is used for clients that accept nothing else, and with $format', async () => {
    const type = async (accept: string, format = '') =>
      (await get(`/$metadata${format}`, { accept })).headers.get('content-type');
    expect(await type('application/json')).toBe('application/json');
    expect(await type('*/*', '?$format=json')).toBe('application/json');
    expect(await type('application/xml', '?$format=application/json')).toBe('application/json');
    expect(await type('*/*')).toBe('application/xml');
    expect(await type('application/json, text/plain, */*')).toBe('application/xml');
    // Breeze
    expect(await type('application/json;odata.metadata=full')).toBe('application/xml');
    // Power Query
    expect(await type('application/json;odata.metadata=minimal;q=1.0,application/xml;q=0.7')).toBe(
      'application/xml',
    );
    expect(await type('application/json', '?$format=xml')).toBe('application/xml');
    expect((await get('/$metadata', { accept: 'image/png' })).status).toBe(406);
  });
});

describe('annotations', () => {
  test('name other keys, computed fields, and what can’t be done', async () => {
    const { Portolan } = await jsonOf(readOnly);
    expect(Portolan.Product['@Core.AlternateKeys']).toEqual([{ Key: [{ Name: 'sku', Alias: 'sku' }] }]);
    expect(Portolan.Product.updatedAt['@Core.Computed']).toBe(true);
    expect(Portolan.Product.active['@Core.ComputedDefaultValue']).toBe(true);
    expect(Portolan.Container.products['@Capabilities.InsertRestrictions']).toEqual({ Insertable: false });
    expect(Portolan.Container.categories['@Capabilities.InsertRestrictions']).toBeUndefined();
    expect(Portolan.Container.products['@Aggregation.CustomAggregate#stock']).toBe('Edm.Int64');
    expect(JSON.stringify(Portolan)).not.toContain('cost');
  });
});

/** Key order does not matter, nor does what a form may leave out or say: the version, and the addresses of vocabularies. */
function comparable({ $Version: _, $Reference: __, ...document }: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(document));
}
