// Before anything is measured: every door must give the same rows.

import assert from 'node:assert/strict';
import type { Server } from './processes.ts';
import type { BenchRequest, DoorName, Workload } from './workloads.ts';

/** @returns why this door does not serve this row of the table, or undefined where it does */
export async function whyNotServed(server: Server, request: BenchRequest): Promise<string | undefined> {
  const { status, text } = await ask(server, request);
  const refused = status < 200 || status > 299 || text.startsWith('{"errors"');
  return refused ? `${status} ${/"message":"([^"]*)/.exec(text)?.[1] ?? text.slice(0, 200)}` : undefined;
}

/** @throws AssertionError that names the door whose rows differ from L0's */
export async function checkSameRows(
  workload: Workload,
  servers: ReadonlyMap<DoorName, Server>,
  n: number,
): Promise<void> {
  const answers = new Map<DoorName, unknown>();
  for (const [door, server] of servers) {
    const { text } = await ask(server, workload.requests[door]!(n));
    answers.set(door, rowsOf(door, JSON.parse(text)));
  }
  const [reference, ...others] = answers;
  for (const [door, rows] of others) {
    assert.deepEqual(rows, reference![1], `${workload.id}: ${door} and ${reference![0]} give different rows`);
  }
}

async function ask(
  server: Server,
  { method, path, body }: BenchRequest,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    body,
    headers: { ...server.headers, 'content-type': 'application/json' },
  });
  return { status: response.status, text: await response.text() };
}

/** Each door has its own envelope, and its own way to write decimals; what they hold must be the same. */
function rowsOf(door: DoorName, answer: unknown): unknown {
  const envelope = answer as Record<string, unknown>;
  const inside = door === 'graphql' ? (envelope.data as Record<string, unknown>) : envelope;
  if (door === 'l0') return plain(inside);
  if (door === 'odata') {
    const count = envelope['@odata.count'];
    const rows = envelope.value ?? envelope;
    return plain(count === undefined ? rows : { count, products: rows });
  }
  const { productsCount, ...roots } = inside;
  const [rows] = Object.values(roots);
  return plain(productsCount === undefined ? rows : { count: productsCount, products: rows });
}

/** @returns the value without annotations and with decimals as numbers */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) return Number(value);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes('@'));
  return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner)]));
}
