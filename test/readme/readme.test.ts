import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { makeApp, type TestApp } from '../oauth/oauth-world.ts';

const file = join(import.meta.dirname, '../../README.md');

interface Example {
  readonly commands: string;
  readonly answer: string;
}

/** Commands that are followed by the answer that they give. */
const examples = (): Example[] =>
  [...readFileSync(file, 'utf8').matchAll(/```sh\n((?:(?!```).)*)```\n\n```json\n(.*?)```/gs)].map(
    ([, commands, answer]) => ({ commands: commands!, answer: answer! }),
  );

let server: TestServer;
let listener: Server;
let app: TestApp;

beforeAll(async () => {
  server = await startServer({ demo: true });
  app = await makeApp(server, { scopes: ['products:read'] });
  listener = createServer(server.app.listener);
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  listener.close();
  await server.close();
});

describe('the examples of the README', () => {
  test('are there', () => {
    expect(examples().length).toBeGreaterThanOrEqual(6);
  });

  test.each(examples())('give the answer that it shows: $commands', async ({ commands, answer }) => {
    const given = pretty(await run(commands));
    if (process.env.UPDATE_README) return rewrite(commands, given);
    expect(given).toBe(pretty(answer));
  });
});

async function run(commands: string): Promise<string> {
  const { port } = listener.address() as AddressInfo;
  const script = commands.replaceAll('localhost:3000', `127.0.0.1:${port}`).replaceAll('curl ', 'curl -s ');
  const { promise, resolve } = Promise.withResolvers<string>();
  const secrets = { KEY: server.adminKey, CLIENT_ID: app.id, CLIENT_SECRET: app.secret };
  const child = spawn('bash', ['-c', script], { env: { ...process.env, ...secrets } });
  let text = '';
  child.stdout.on('data', piece => {
    text += piece;
  });
  child.on('close', () => resolve(text));
  return (await promise)
    .replaceAll(`127.0.0.1:${port}`, 'localhost:3000')
    .replaceAll(/W\/\\"\d+\\"/g, 'W/\\"7213\\"');
}

/** Numbers keep the digits that were sent. */
const pretty = (json: string): string => `${JSON.stringify(JSON.parse(json, asSent as never), null, 1)}\n`;

function asSent(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number'
    ? (JSON as never as { rawJSON(text: string): unknown }).rawJSON(source!)
    : value;
}

function rewrite(commands: string, answer: string): void {
  const text = readFileSync(file, 'utf8');
  const [before, after] = text.split(commands) as [string, string];
  writeFileSync(
    file,
    before +
      commands +
      after.replace(/```\n\n```json\n.*?```/s, () => `\`\`\`\n\n\`\`\`json\n${answer}\`\`\``),
  );
}
