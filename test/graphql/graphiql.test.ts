import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const open = (headers: Record<string, string> = {}, key?: string) =>
  server.fetch('/graphql', { key, headers: { ...browser, ...headers } });

describe('GraphiQL', () => {
  test('opens in a browser, with and without a key', async () => {
    for (const key of [undefined, server.adminKey]) {
      const response = await open({}, key);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toContain('<title>Portolan GraphiQL</title>');
    }
  });

  test('is not shown to programs', async () => {
    expect((await server.fetch('/graphql', { headers: { accept: '*/*' } })).status).toBe(401);
  });

  test('is not shown for a wrong key', async () => {
    expect((await open({}, 'wrong')).status).toBe(401);
  });

  test('fetches nothing from anywhere else', async () => {
    const response = await open();
    const page = await response.text();
    const outside = page.match(
      /(?:src|href)\s*=\s*["'](?:https?:)?\/\/|@import|(?:fetch|import|importScripts)\(\s*["'`]https?:|url\(\s*["']?https?:/g,
    );
    expect(outside).toBeNull();
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  test('runs its own script and no other', async () => {
    const response = await open();
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(await response.text())!;
    const hash = createHash('sha256').update(script!).digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`);
  });

  test('travels compressed, and not at all when the browser has it', async () => {
    const plain = await (await open()).text();
    const zipped = await untilZipped();
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(plain);
    const again = await open({ 'if-none-match': zipped.headers.get('etag')! });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  async function untilZipped(): Promise<Response> {
    for (;;) {
      const response = await open({ 'accept-encoding': 'gzip, br' });
      if (response.headers.get('content-encoding') === 'gzip') return response;
      await response.arrayBuffer();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
});
