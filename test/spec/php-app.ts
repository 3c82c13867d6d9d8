// The app of the document's examples in PHP, behind PHP's own web server.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Filling, fillIn, type ProgramName, programText } from './programs.ts';

export interface PhpApp {
  readonly url: string;
  /** What PHP said on standard error. */
  readonly said: () => string;
  close(): void;
}

const files: Readonly<Record<string, ProgramName>> = {
  'authorize.php': 'authorize.php',
  'oauth/callback.php': 'callback.php',
  'products.php': 'requests.php',
};

/** What the app itself would have besides, and what the passing of time does to its tokens. */
const others: Readonly<Record<string, string>> = {
  'dashboard.php':
    '<?php session_start(); echo "Signed in: " . (isset($_SESSION["access_token"]) ? "yes" : "no");',
  'spoil.php': '<?php session_start(); $_SESSION["access_token"] = "no token"; echo "spoiled";',
  'expire.php': '<?php session_start(); $_SESSION["token_expires"] = time(); echo "expired";',
  'token.php': '<?php session_start(); echo $_SESSION["access_token"];',
};

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

export async function servePhpApp(port: number, filling: Omit<Filling, 'appUrl'>): Promise<PhpApp> {
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'portolan-php-'));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, program] of Object.entries(files))
    write(name, fillIn(programText(program), { ...filling, appUrl: url }));
  for (const [name, text] of Object.entries(others)) write(name, text);
  // As in the configuration that PHP comes with: the example writes text before its last header.
  const flags = ['-d', 'output_buffering=4096', '-d', `session.save_path=${folder}`];
  const child = spawn('php', [...flags, '-S', `127.0.0.1:${port}`, '-t', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  await started(child, () => said);
  const close = () => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { url, said: () => said, close };
}

const started = (child: ChildProcess, said: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stderr!.on('data', () => /Development Server .* started/.test(said()) && resolve());
    child.once('exit', () => reject(new Error(`PHP did not start: ${said()}`)));
  });
