import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from '../../src/base/errors.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

let entries: OpenEntries;

const throwing = (path: string, error: () => unknown) => ({
  method: 'GET',
  path,
  open: true as const,
  handle() {
    throw error();
  },
});

beforeAll(async () => {
  entries = await openEntries(
    door(
      throwing('/fault', () =>
        fault('SYNTAX_ERROR', 'Unexpected "}".', {
          hint: 'Close the list first.',
          location: { line: 2, column: 5 },
          headers: { 'x-more': 'yes' },
        }),
      ),
      throwing('/bug', () => new TypeError('secret detail: password hunter2')),
      throwing('/thrown-text', () => 'secret text'),
      {
        ...throwing('/broken-form', () => fault('CONFLICT', 'Twice.')),
        fail() {
          throw new Error('secret of the form');
        },
      },
      {
        method: 'GET',
        path: '/bad-header',
        open: true,
        handle: () => ({ status: 200, headers: { 'x-a': 'a\nb' } }),
      },
    ),
  );
});

afterAll(() => entries.close());

test('tells a fault in full: code, message, hint, location and request id', async () => {
  const response = await entries.overSocket('/fault', { headers: { 'x-request-id': 'r1' } });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-more')).toBe('yes');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual({
    error: {
      code: 'SYNTAX_ERROR',
      message: 'Unexpected "}".',
      hint: 'Close the list first.',
      location: { line: 2, column: 5 },
      requestId: 'r1',
    },
  });
});

test.each([
  ['/bug', 'secret detail: password hunter2'],
  ['/thrown-text', 'secret text'],
  ['/broken-form', 'secret of the form'],
])('masks what was not thrown on purpose and logs it with the request id: %s', async (path, detail) => {
  const id = `masked${path.replace('/', '.')}`;
  const response = await entries.overSocket(path, { headers: { 'x-request-id': id } });
  const body = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'INTERNAL', requestId: id } });
  expect(body).not.toContain('secret');
  const line = entries.logged().find(entry => entry.requestId === id && entry.level === 50);
  expect(JSON.stringify(line)).toContain(detail);
});

test('answers 500 where a door makes a header that HTTP forbids', async () => {
  const response = await entries.overSocket('/bad-header');
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error: { code: 'INTERNAL' } });
});

test('does not log a fault as an error', async () => {
  await entries.overSocket('/fault', { headers: { 'x-request-id': 'quiet' } });
  expect(
    entries
      .logged()
      .filter(entry => entry.requestId === 'quiet')
      .map(entry => entry.level),
  ).toEqual([30]);
});
