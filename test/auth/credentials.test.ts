import { describe, expect, test } from 'vitest';
import { credentialReaders, readCredential } from '../../src/auth/credentials.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { basic, request } from './auth-fixture.ts';

const { key } = makeApiKey();
const other = makeApiKey().key;
const read = (headers: Record<string, string>, path?: string, apiKeyInQuery = false) =>
  readCredential(request(headers, path), credentialReaders({ apiKeyInQuery }));
const refusal = (more: object) => expect.objectContaining(more);

describe('a key is read', () => {
  test('from the header X-API-Key', () => {
    expect(read({ 'X-API-Key': key })).toEqual({ kind: 'key', value: key, place: 'X-API-Key' });
  });

  test.each(['excel', '', 'müller', 'a b'])(
    'from the password of HTTP Basic with the user name "%s"',
    user => {
      expect(read({ authorization: basic(user, key) })).toMatchObject({ kind: 'key', value: key });
    },
  );

  test('with the scheme in any case', () => {
    expect(read({ authorization: basic('x', key).replace('Basic', 'bAsIc') })).toMatchObject({ value: key });
  });

  test('with a password that contains colons, whole', () => {
    expect(read({ authorization: basic('x', 'a:b:c') })).toMatchObject({ value: 'a:b:c' });
  });

  test('from ?api_key= if the configuration allows it', () => {
    expect(read({}, `/odata?$top=1&api_key=${key}`, true)).toMatchObject({ kind: 'key', value: key });
  });

  test('never from ?api_key= otherwise', () => {
    expect(read({}, `/odata?api_key=${key}`)).toBeUndefined();
  });

  test('once, when the same key is in two places', () => {
    expect(read({ 'x-api-key': key, authorization: basic('x', key) })).toMatchObject({ value: key });
  });
});

test('a request without these headers has no credential', () => {
  expect(read({})).toBeUndefined();
  expect(read({ authorization: 'Negotiate YII' })).toBeUndefined();
  expect(read({ authorization: 'Basics abc' })).toBeUndefined();
});

test.each([
  ['an empty header', { 'x-api-key': '' }],
  ['blanks', { 'x-api-key': '  ' }],
  ['an empty header twice', { 'x-api-key': ', ' }],
  ['an empty Authorization', { authorization: '' }],
  ['Bearer without a token', { authorization: 'Bearer ' }],
])('%s is no credential, and conflicts with none', (_, headers) => {
  expect(read(headers)).toBeUndefined();
  expect(read(headers, `/?api_key=&api_key=${key}`, true)).toMatchObject({ value: key });
});

test('an empty value next to a key in the same header is ignored', () => {
  expect(read({ 'x-api-key': `, ${key}` })).toMatchObject({ value: key });
  expect(read({ authorization: `, ${basic('x', key)}` })).toMatchObject({ value: key });
});

test('a token is read from Authorization: Bearer', () => {
  expect(read({ authorization: 'Bearer ey.J.x' })).toMatchObject({ kind: 'token', value: 'ey.J.x' });
});

test('a key sent as Bearer is refused, with the right header in the hint', () => {
  expect(() => read({ authorization: `Bearer ${key}` })).toThrow(
    refusal({ code: 'INVALID_CREDENTIAL', hint: 'This is an API key: send it in the header X-API-Key.' }),
  );
});

test.each(['Basic', 'Basic ', 'Basic %%%', basic('user', ''), `Basic ${btoa('no-colon')}`])(
  'refuses "%s", and says where to put the key',
  authorization => {
    expect(() => read({ authorization })).toThrow(
      refusal({ code: 'INVALID_CREDENTIAL', hint: 'Send the API key as the password, with any user name.' }),
    );
  },
);

describe('two different credentials are refused', () => {
  test.each([
    ['a header and Basic', { 'x-api-key': key, authorization: basic('x', other) }],
    ['a header and a token', { 'x-api-key': key, authorization: 'Bearer ey.J.x' }],
    ['one header twice', { 'x-api-key': `${key}, ${other}` }],
    ['Authorization twice', { authorization: `${basic('x', key)}, Bearer ey.J.x` }],
  ])('%s', (_, headers) => {
    expect(() => read(headers)).toThrow(refusal({ code: 'TWO_CREDENTIALS', status: 400 }));
  });

  test('a header and the query', () => {
    expect(() => read({ 'x-api-key': other }, `/?api_key=${key}`, true)).toThrow(
      refusal({ code: 'TWO_CREDENTIALS', hint: 'Send one of them: X-API-Key or ?api_key=.' }),
    );
  });

  test('the query twice', () => {
    expect(() => read({}, `/?api_key=${key}&api_key=${other}`, true)).toThrow(
      refusal({ code: 'TWO_CREDENTIALS' }),
    );
  });

  test('without showing either', () => {
    const seen = () => read({ 'x-api-key': key, authorization: basic('x', other) });
    expect(seen).toThrow(
      refusal({ message: expect.not.stringContaining('pk_'), hint: expect.not.stringContaining('pk_') }),
    );
  });
});
