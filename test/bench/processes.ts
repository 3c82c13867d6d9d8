// Servers as processes of their own, and what they cost.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Server {
  readonly port: number;
  /** Headers that every request to it carries. */
  readonly headers: Readonly<Record<string, string>>;
  /** @returns milliseconds of processor time, all threads, since it started */
  cpuMs(): number;
  /** @returns bytes of memory that it holds now, and the most that it has held since it was last asked */
  memory(): { readonly now: number; readonly peak: number };
  stop(): Promise<void>;
}

export interface Command {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly port: number;
  /** Answers with 200 once the server is ready. */
  readonly readyPath: string;
  /** Descriptor of an open file that takes what it prints. */
  readonly output: number;
}

const startWaitMs = 60_000;
const stopWaitMs = 20_000;

/** Starts a Node program and waits until it is ready. @throws Error when it ends instead */
export async function startServer(command: Command): Promise<Server> {
  const child = spawn(process.execPath, [...command.args], {
    env: command.environment,
    stdio: ['ignore', command.output, command.output],
  });
  await untilReady(child, `http://127.0.0.1:${command.port}${command.readyPath}`, command.headers);
  return {
    port: command.port,
    headers: command.headers,
    cpuMs: () => cpuMsOf(child.pid!),
    memory: () => memoryOf(child.pid!),
    stop: () => stop(child),
  };
}

async function untilReady(
  child: ChildProcess,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const deadline = Date.now() + startWaitMs;
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(url, { headers }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${child.spawnargs.slice(0, 3).join(' ')} did not become ready at ${url}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const killed = setTimeout(() => child.kill('SIGKILL'), stopWaitMs);
  await gone;
  clearTimeout(killed);
}

/** Fields 14 and 15 of /proc/<pid>/stat, in hundredths of a second: proc_pid_stat(5). The name in field 2 may hold blanks. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** VmRSS and VmHWM of /proc/<pid>/status. Writing 5 to clear_refs begins a new peak: proc_pid_clear_refs(5). */
function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const memory = { now: kilobytes('VmRSS') * 1_024, peak: kilobytes('VmHWM') * 1_024 };
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return memory;
}

/** @returns a port that nobody uses at the moment */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
