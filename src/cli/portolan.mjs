#!/usr/bin/env node
// The `portolan` command. Plain JavaScript, because an old system Node cannot read TypeScript. The program itself runs in
// the Node that is installed with this package.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownMajor = Number.parseInt(process.versions.node, 10);
const node = ownMajor >= 24 ? process.execPath : (pinnedNode() ?? (canReadTypeScript() && process.execPath));

if (node) run(node);
else {
  console.error(`portolan needs Node 24, and this is ${process.version}.`);
  console.error(
    'Install Node 24, or run "npm install" in the portolan folder, which installs its own Node 24.',
  );
  process.exitCode = 1;
}

/** @returns {string | undefined} the Node among the optional dependencies, where npm installed it */
function pinnedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const found = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`);
    const executable = join(dirname(found), 'bin', system === 'win' ? 'node.exe' : 'node');
    return existsSync(executable) ? executable : undefined;
  } catch {
    return undefined;
  }
}

function canReadTypeScript() {
  return Boolean(process.features.typescript);
}

/** @param {string} executable */
function run(executable) {
  const program = fileURLToPath(new URL('./portolan.ts', import.meta.url));
  const options = ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)];
  const child = spawn(executable, options, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal already sends SIGINT to both processes.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', error => {
    console.error(`${executable} cannot be run: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  });
}
