import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';

test('a test server answers over a database of its own', async () => {
  await using server = await startServer({ demo: true });
  expect((await server.fetch('/healthz')).status).toBe(200);
  const key = await server.createKey('read');
  expect(key).toMatch(/^pk_/);
  expect(server.adminKey).toMatch(/^pk_/);
});
