import { expect, test } from 'vitest';
import { isJsonType } from '../../src/http/message/json-type.ts';

test.each([
  'application/json',
  'Application/JSON; charset=utf-8',
  ' application/json ;q=1',
  'application/graphql+json',
  'application/vnd.api+json',
  'text/json',
])('is JSON: %s', type => {
  expect(isJsonType(type)).toBe(true);
});

// What HTML forms can send, and what only begins or ends like JSON.
test.each([
  '',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=application/json',
  'text/plain; application/json',
  'application/jsonp',
  'application/json-patch',
  'application/json5',
  'application/+json',
  'image/json',
])('is no JSON: %s', type => {
  expect(isJsonType(type)).toBe(false);
});
