import { expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { createScopeDescriptions } from '../../src/auth/scopes/describe-scope.ts';
import { catalogOf } from '../../src/project.ts';

const catalog = catalogOf(project);
const describeScope = createScopeDescriptions(catalog);

test('the description of a scope for every set says what it does not cover', () => {
  expect(describeScope('read')).toMatch(/^Read all data: .*products.* and .*, but no restricted fields$/);
  expect(describeScope('write')).toMatch(
    /^Create, change and delete all data: .*order items.*, but no restricted fields$/,
  );
});

test.each([
  ['products:read', 'Read products, but no restricted fields'],
  ['suppliers:read', 'Read suppliers'],
  ['orderItems:write', 'Create, change and delete order items'],
  ['products.cost:read', 'Read the purchase price of products'],
  ['products.cost:write', 'Change the purchase price of products'],
  ['customers.contact:read', 'Read the email and phone of customers'],
])('%s is described as "%s"', (scope, words) => {
  expect(describeScope(scope)).toBe(words);
});

test('every scope has its own description', () => {
  const all = catalog.scopes.map(describeScope);
  expect(new Set(all).size).toBe(catalog.scopes.length);
  for (const words of all) expect(words).not.toMatch(/nothing|undefined|:\w/);
});

test('the description of an unknown scope says so', () => {
  expect(describeScope('shoes:read')).toContain('shoes:read');
  expect(describeScope('toString')).toContain('no longer exists');
});
