import { expect, test } from 'vitest';
import { AnswerShare } from '../../src/http/answer-share.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true });

test('requests of one key wait for each other, and not those of another key for them', async () => {
  const [hostile, other] = await Promise.all([server.createKey('read'), server.createKey('read')]);
  const count = 30;
  let done = 0;
  const expensive = [
    '/odata/products?$expand=category,supplier&$orderby=description',
    '/odata/$batch',
    '/graphql',
  ];
  const ask = async (index: number): Promise<number> => {
    const path = expensive[index % 3]!;
    const json = {
      requests: [{ id: '1', method: 'GET', url: 'orders?$expand=items($expand=product),customer' }],
      query: '{ orders { items { product { name } } } }',
    };
    const response = await server.fetch(path, path.includes('?') ? { key: hostile } : { key: hostile, json });
    await response.text();
    done++;
    return response.status;
  };
  const all = Array.from({ length: count }, (_, index) => ask(index));
  for (let i = 0; i < 3; i++) {
    const { status } = await server.fetch(`/odata/suppliers?$top=${i + 1}`, { key: other });
    expect(status).toBe(200);
  }
  expect(done).toBeLessThan(count);
  // They are served or told to come back, and nothing else.
  for (const status of await Promise.all(all)) expect([200, 429, 503]).toContain(status);
});

test('answers that nobody reads take a bounded part of the memory', () => {
  const share = new AnswerShare();
  const megabytes = (count: number) => count * 1_048_576;
  expect(share.hold('key:a', 1_000)).toBeUndefined();
  const releases = [1, 2, 3, 4].map(() => share.hold('key:a', megabytes(32))!);
  expect(() => share.admit('key:a')).toThrow(
    expect.objectContaining({ code: 'TOO_MANY_REQUESTS', headers: { 'retry-after': '5' } }),
  );
  share.admit('key:b');
  releases[0]!();
  share.admit('key:a');
  for (const release of releases.slice(1)) release();
});
