import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/base/log.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

test('a proxy that is not in TRUSTED_PROXIES is warned of once, with what to set', async () => {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const app = createApp({ ...server, log: createLog({ logLevel: 'warn', logFormat: 'json' }, { write }) });
  const headers = { 'x-api-key': server.adminKey, 'x-forwarded-for': '198.51.100.7' };
  for (let i = 0; i < 5; i++) {
    const request = new Request('http://localhost:3000/api/me', { headers });
    expect((await app.fetch(request, { address: '10.1.2.3' })).status).toBe(200);
  }
  await app.close();
  const warnings = lines.map(line => JSON.parse(line)).filter(({ msg }) => /X-Forwarded-For/.test(msg));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ level: 40, address: '10.1.2.3' });
  expect(warnings[0].msg).toContain('add 10.1.2.3 or its range to TRUSTED_PROXIES');
});
