// npm run bench:neighbours [-- --embedded] [--seconds 20]: what one credential can do to another's answer times. One key
// sends the most expensive reads that are allowed, on many connections; another reads single rows and small pages.

import { Agent, request as send } from 'node:http';
import { parseArgs } from 'node:util';
import type { Server } from './processes.ts';
import { setUp } from './set-up.ts';
import type { BenchRequest } from './workloads.ts';

const hostileConnections = 40;
const neighbourConnections = 2;

const usual: readonly BenchRequest[] = [
  { method: 'GET', path: '/odata/products(4711)' },
  {
    method: 'POST',
    path: '/api/query',
    body: JSON.stringify({ query: 'product(sku: "SKU-000815") { name price }' }),
  },
  { method: 'GET', path: '/odata/suppliers?$top=20&$orderby=name' },
];

const { values } = parseArgs({
  options: { embedded: { type: 'boolean', default: false }, seconds: { type: 'string', default: '20' } },
});
const given = process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const bench = await setUp({
  // Nothing listens there.
  databaseUrl: values.embedded ? 'postgresql://127.0.0.1:1/none' : given,
  databaseGiven: !values.embedded,
  ...{ rounds: 1, seconds: 1, only: [], vary: false, loader: undefined, profile: undefined },
});
try {
  const hostile = await withNewKey(bench.ours);
  const neighbour = await withNewKey(bench.ours);
  const seconds = Number(values.seconds);
  await load(neighbour, usual, neighbourConnections, 2);
  const alone = await load(neighbour, usual, neighbourConnections, 5);
  const [theirs, beside] = await Promise.all([
    load(hostile, expensive(), hostileConnections, seconds),
    load(neighbour, usual, neighbourConnections, seconds),
  ]);
  console.log(`The neighbour alone:           ${shown(alone)}`);
  console.log(`The neighbour beside attacks:  ${shown(beside)}`);
  console.log(`The attacks:                   ${shown(theirs)}`);
  const metrics = await (await fetch(`http://127.0.0.1:${bench.ours.port}/metrics`)).text();
  console.log(
    `The server: ${metrics.match(/^nodejs_eventloop_lag_p\d+_seconds .*$|^process_resident_memory_bytes .*$/gm)?.join(', ')}`,
  );
} finally {
  await bench.close();
}

/** Reads whose cost lies just below what is allowed, through every way to read. */
function expensive(): BenchRequest[] {
  const odata = (path: string): BenchRequest => ({
    method: 'GET',
    path: `/odata/${path.replaceAll(' ', '%20')}`,
  });
  const graphql = (query: string): BenchRequest => ({
    method: 'POST',
    path: '/graphql',
    body: JSON.stringify({ query }),
  });
  return [
    odata('products?$expand=category($expand=products($expand=category($expand=products)))'),
    odata('categories?$expand=*($expand=*($expand=*))'),
    odata('products?$apply=groupby((name),aggregate(price with average as a))&$orderby=a desc&$top=1000'),
    odata(
      "products?$filter=contains(tolower(concat(name,description)),'zzz') or contains(description,'yyy')&$count=true",
    ),
    odata(
      'orders?$expand=items($expand=product($expand=category,supplier)),customer&$orderby=total desc&$top=5000',
    ),
    graphql(
      '{ products(take: 10000, orderBy: [{ description: desc }]) { id name description tags attributes } }',
    ),
    graphql('{ suppliers { products(take: 300) { orderItems(take: 20) { order { customer { name } } } } } }'),
    {
      method: 'POST',
      path: '/api/query',
      body: JSON.stringify({
        query: 'customers { orders { items { product { name category { products(take: 20) { name } } } } } }',
      }),
    },
  ];
}

async function withNewKey({ port, headers }: Server): Promise<Server> {
  const response = await fetch(`http://127.0.0.1:${port}/api/keys`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['read'] }),
  });
  const { key } = (await response.json()) as { key: string };
  return { ...bench.ours, headers: { 'x-api-key': key } };
}

interface Outcome {
  readonly latenciesMs: readonly number[];
  readonly statuses: ReadonlyMap<number, number>;
}

async function load(
  server: Server,
  requests: readonly BenchRequest[],
  connections: number,
  seconds: number,
): Promise<Outcome> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  const statuses = new Map<number, number>();
  const deadline = performance.now() + seconds * 1_000;
  const signal = AbortSignal.timeout(seconds * 1_000);
  let sent = 0;
  const one = async () => {
    while (performance.now() < deadline) {
      const before = performance.now();
      const status = await statusOf(server, requests[sent++ % requests.length]!, { agent, signal });
      if (signal.aborted) return;
      latenciesMs.push(performance.now() - before);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  agent.destroy();
  return { latenciesMs: latenciesMs.sort((a, b) => a - b), statuses };
}

/** @returns the status of the answer, read to its end; 0 when the connection broke */
function statusOf(
  { port, headers }: Server,
  { method, path, body }: BenchRequest,
  options: { readonly agent: Agent; readonly signal: AbortSignal },
): Promise<number> {
  return new Promise(resolve => {
    const all = { ...headers, ...(body && { 'content-type': 'application/json' }) };
    const request = send({ host: '127.0.0.1', port, method, path, headers: all, ...options }, response => {
      response.on('data', () => {});
      response.on('error', () => resolve(0));
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', () => resolve(0));
    request.end(body);
  });
}

function shown({ latenciesMs, statuses }: Outcome): string {
  const at = (share: number) =>
    (latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN).toFixed(1);
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(0.99999)} ms; ${counts.join(', ')}`;
}
