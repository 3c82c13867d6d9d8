import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, startListening } from '../listening.ts';
import { hasPhp, runProgram } from './programs.ts';

let listening: Listening;
let env: Record<string, string>;
beforeAll(async () => {
  listening = await startListening();
  const { prisma, app } = listening.server;
  const { id: ownerId } = await prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
  const plugin = await app.apps.plugins.ensure({ name: 'Tax rates', scopes: ['read', 'write'], ownerId });
  env = {
    ...{ OAUTH_CLIENT_ID: plugin.clientId, OAUTH_CLIENT_SECRET: plugin.clientSecret },
    API_BASE_URL: listening.url,
  };
});
afterAll(() => listening?.close());

describe('the plugin program', () => {
  test('in TypeScript gets its own token and reads', async () => {
    const after = '\nawait pluginFunction();\n';
    const { code, stdout, stderr } = await runProgram('plugin.ts', { url: '', env, after });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Fetched products: \{\s+products: \[\s+\{\s+id: 1,\s+name: /);
    expect(code).toBe(0);
  });

  test('in TypeScript says so when its secret is wrong', async () => {
    const wrong = { ...env, OAUTH_CLIENT_SECRET: 'wrong' };
    const after = '\nawait pluginFunction();\n';
    const { code, stderr } = await runProgram('plugin.ts', { url: '', env: wrong, after });
    expect(stderr).toContain('Authentication failed: 401');
    expect(code).toBe(1);
  });

  const php = hasPhp();
  test.skipIf(!php)(
    `in PHP does so too${php ? '' : ' (php-cli and php-curl are not installed: skipped)'}`,
    async () => {
      const { code, stdout, stderr } = await runProgram('plugin.php', { url: '', env });
      expect(stderr).toBe('');
      expect(stdout).toBe('Fetched products: 1000\n');
      expect(code).toBe(0);
    },
  );
});
