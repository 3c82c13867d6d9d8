// The server as its own process, as whoever installs it starts it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../src/main.ts');

export interface ServerProcess {
  readonly child: ChildProcess;
  /** All that it wrote so far, to standard output and to standard error. */
  readonly written: () => { out: string; err: string };
  readonly ended: Promise<number | null>;
  /** Resolves with the address once it listens. @throws when it ends before that */
  readonly ready: Promise<string>;
}

/** @param env nothing else of the environment is passed on but where to find programs */
export function startProcess(env: Record<string, string>): ServerProcess {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PATH, TMPDIR, NODE_COMPILE_CACHE, PORT: '0', LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      out += chunk;
      const [, address] = /Portolan listens on (\S+)\n[\s\S]*Import/.exec(out) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`It ended: ${err}`)));
  });
  ready.catch(() => {});
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, ready, ended, written: () => ({ out, err }) };
}
