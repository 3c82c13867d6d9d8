import { describe, expect, test } from 'vitest';
import { coversScope, effectiveScopes, parseScopes, requireScopes } from '../../src/auth/scopes/scopes.ts';

const known = ['read', 'write', 'admin', 'products:read', 'products:write', 'products.cost:read'];

describe('parsing scopes', () => {
  test.each(['write,read', 'read write', ' read ,write, read', ['write', 'read', 'read']])(
    '%j is parsed as read and write',
    text => expect(parseScopes(text, known)).toEqual(['read', 'write']),
  );

  test('suggests the nearest scope for an unknown one', () => {
    expect(() => parseScopes('read,product:read', known)).toThrow(
      expect.objectContaining({
        code: 'INVALID_VALUE',
        message: 'There is no scope "product:read".',
        hint: 'Did you mean "products:read"?',
        target: 'scopes',
      }),
    );
  });

  test('lists all scopes if none is near', () => {
    const hint = `Scopes: ${known.join(', ')}.`;
    expect(() => parseScopes('everything-there-is', known)).toThrow(expect.objectContaining({ hint }));
    expect(() => parseScopes('', known)).toThrow(expect.objectContaining({ hint }));
  });
});

describe('whether a scope covers another', () => {
  test.each([
    ['read', 'read', true],
    ['read', 'products:read', true],
    ['write', 'products:write', true],
    ['write', 'products:read', false],
    ['products:read', 'read', false],
    ['read', 'products.cost:read', false],
    ['products:read', 'products.cost:read', false],
    ['products.cost:read', 'products.cost:read', true],
    ['admin', 'read', false],
    ['read', 'admin', false],
  ])('%s over %s: %s', (held, scope, covered) => {
    expect(coversScope(new Set([held]), scope)).toBe(covered);
  });

  test('the error names the missing scope and who lacks it', () => {
    expect(() => requireScopes(new Set(['read']), ['products:read', 'write'], 'The owner')).toThrow(
      expect.objectContaining({
        code: 'SCOPE_MISSING',
        message: 'The owner does not have the scope "write".',
        target: 'write',
      }),
    );
  });
});

describe('effective scopes', () => {
  test.each([
    [['read', 'write'], ['read'], ['read']],
    [['read'], ['products:read'], ['products:read']],
    [['products:read'], ['read'], ['products:read']],
    [['read', 'products.cost:read'], ['read'], ['read']],
    [['read'], ['read', 'products.cost:read'], ['read']],
    [['read'], known, ['read']],
    [
      ['read', 'products:write'],
      ['products:read', 'write'],
      ['products:read', 'products:write'],
    ],
    [['admin'], ['read'], []],
    [[], known, []],
  ])('%j granted of %j owned are %j', (granted, owned, effective) => {
    expect(effectiveScopes(granted, owned)).toEqual(effective);
  });
});
