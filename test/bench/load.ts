// Load on one server: four connections, as many requests as it answers, for a fixed time, from a process of its own.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from './processes.ts';
import type { BenchRequest } from './workloads.ts';

export const connections = 4;

export interface Load {
  readonly server: Server;
  /** Sent in turn, over and over. */
  readonly requests: readonly BenchRequest[];
  readonly seconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Of the server. */
  readonly cpuMsPerRequest: number;
}

/** What a generator writes as its last line. */
export interface Tally {
  readonly requests: number;
  readonly seconds: number;
  readonly p99Ms: number;
  /** Broken connections, and answers other than 2xx. */
  readonly errors: number;
}

export type Loader = (load: Load) => Promise<LoadResult>;

/** @param folder where scripts for the generator may be written */
export function createLoader(kind: 'wrk' | 'node' | undefined, folder: string): Loader {
  const chosen = kind ?? (spawnSync('wrk', ['--version']).error ? 'node' : 'wrk');
  const command = chosen === 'wrk' ? wrkCommand : nodeCommand;
  return async load => {
    const args = command(load, folder);
    const before = load.server.cpuMs();
    const tally = await runGenerator(args);
    const cpuMs = load.server.cpuMs() - before;
    if (tally.errors > 0) throw new Error(`${tally.errors} of ${tally.requests} requests failed`);
    return {
      requestsPerSecond: tally.requests / tally.seconds,
      p99Ms: tally.p99Ms,
      cpuMsPerRequest: cpuMs / tally.requests,
    };
  };
}

async function runGenerator([program, ...args]: readonly string[]): Promise<Tally> {
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text;
  });
  await once(child, 'close');
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Tally;
}

const nodeCommand = ({ server, requests, seconds }: Load, folder: string): string[] => {
  const file = join(folder, 'load.json');
  const { port, headers } = server;
  writeFileSync(
    file,
    JSON.stringify({ port, headers: { ...headers, ...jsonBody }, requests, seconds, connections }),
  );
  return [process.execPath, join(import.meta.dirname, 'load-generator.ts'), file];
};

const jsonBody = { 'content-type': 'application/json' };

/** One thread is enough, and leaves more of a small machine to the servers. wrk counts in whole seconds. */
const wrkCommand = ({ server, requests, seconds }: Load, folder: string): string[] => {
  const file = join(folder, 'load.lua');
  writeFileSync(file, wrkScript(requests, { ...server.headers, ...jsonBody }));
  return [
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${Math.ceil(seconds)}s`,
    '-s',
    file,
    `http://127.0.0.1:${server.port}`,
  ];
};

function wrkScript(requests: readonly BenchRequest[], headers: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(headers).map(([name, value]) => `[${lua(name)}]=${lua(value)}`);
  const calls = requests.map(
    ({ method, path, body }) =>
      `  wrk.format(${lua(method)}, ${lua(path)}, headers, ${body ? lua(body) : 'nil'}),`,
  );
  return `
function init()
  headers = {${pairs.join(', ')}}
  requests = {
${calls.join('\n')}
  }
  at = 0
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p99Ms":%f,"errors":%d}\\n', summary.requests,
    summary.duration / 1e6, latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end`;
}

const lua = (text: string): string => `"${text.replace(/["\\\n]/g, '\\$&')}"`;
