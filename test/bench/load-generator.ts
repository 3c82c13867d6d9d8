// The load where wrk is absent. A process of its own: node load-generator.ts <file>. Its last line is a Tally.

import { readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import type { Tally } from './load.ts';
import type { BenchRequest } from './workloads.ts';

interface Order {
  readonly port: number;
  readonly headers: Record<string, string>;
  readonly requests: readonly BenchRequest[];
  readonly seconds: number;
  readonly connections: number;
}

const order = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Order;
const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
const started = performance.now();
const deadline = started + order.seconds * 1000;
const latenciesMs: number[] = [];
let sent = 0;
let errors = 0;

await Promise.all(Array.from({ length: order.connections }, untilDeadline));
latenciesMs.sort((a, b) => a - b);
const tally: Tally = {
  requests: latenciesMs.length,
  seconds: (performance.now() - started) / 1000,
  p99Ms: latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? 0,
  errors,
};
console.log(JSON.stringify(tally));
agent.destroy();

async function untilDeadline(): Promise<void> {
  while (performance.now() < deadline) {
    const before = performance.now();
    const status = await statusOf(order.requests[sent++ % order.requests.length]!);
    latenciesMs.push(performance.now() - before);
    if (status < 200 || status > 299) errors++;
  }
}

/** @returns the status of the answer, read to its end; 0 when the connection broke */
function statusOf({ method, path, body }: BenchRequest): Promise<number> {
  return new Promise(resolve => {
    const headers = body ? { ...order.headers, 'content-length': Buffer.byteLength(body) } : order.headers;
    const request = send({ host: '127.0.0.1', port: order.port, method, path, headers, agent }, response => {
      response.on('data', () => {});
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
}
