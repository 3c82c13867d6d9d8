// L0: what one would write by hand for these six questions and no others. node:http, pg with prepared statements,
// JSON.stringify; no authentication, no limits, no log. The floor that the doors are measured against.
// Started as a process of its own: node l0.ts <port> <database url> <connections>.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import pg from 'pg';

const [, , port, databaseUrl, connections] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: Number(connections), idleTimeoutMillis: 0 });

type Handler = (parameters: URLSearchParams, request: IncomingMessage) => Promise<unknown>;

const filtered = `SELECT id, name, price, stock FROM "Product" WHERE stock > $1 ORDER BY name LIMIT 100`;
const thousand = `SELECT id, name, price, stock FROM "Product" WHERE id > $1 ORDER BY id LIMIT 1000`;
const one = `SELECT id, name, price, stock FROM "Product" WHERE id = $1`;
const page = `SELECT id, name, price, stock FROM "Product" WHERE price > $1 ORDER BY name LIMIT 50`;
const count = `SELECT count(*)::int AS count FROM "Product" WHERE price > $1`;
const update = `UPDATE "Product" SET stock = $2, "updatedAt" = now() WHERE id = $1 RETURNING id, stock`;
const nested = `
  SELECT o.id, o.number, o.total, o."orderedAt", json_build_object('id', c.id, 'name', c.name) AS customer, i.items
  FROM (SELECT * FROM "Order" WHERE id < $1 ORDER BY "orderedAt" DESC LIMIT 50) o
  JOIN "Customer" c ON c.id = o."customerId"
  LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('id', i.id, 'quantity', i.quantity, 'price', i.price,
      'product', json_build_object('id', p.id, 'name', p.name)) ORDER BY i.id) AS items
    FROM "OrderItem" i JOIN "Product" p ON p.id = i."productId" WHERE i."orderId" = o.id
  ) i ON true
  ORDER BY o."orderedAt" DESC`;

const rows = async (name: string, text: string, values: unknown[]) =>
  (await pool.query({ name, text, values })).rows;

const handlers: Readonly<Record<string, Handler>> = {
  '/filtered': parameters => rows('filtered', filtered, [parameters.get('stock')]),
  '/thousand': parameters => rows('thousand', thousand, [parameters.get('after')]),
  '/one': async parameters => (await rows('one', one, [parameters.get('id')]))[0] ?? null,
  '/nested': parameters => rows('nested', nested, [parameters.get('before')]),
  '/update': async (parameters, request) => {
    const { stock } = JSON.parse(await body(request)) as { stock: number };
    return (await rows('update', update, [parameters.get('id'), stock]))[0] ?? null;
  },
  '/page': async parameters => {
    const price = parameters.get('price');
    const [products, counted] = await Promise.all([
      rows('page', page, [price]),
      rows('count', count, [price]),
    ]);
    return { count: counted[0].count, products };
  },
};

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', search = ''] = (request.url ?? '').split('?');
  try {
    const text = JSON.stringify(await handlers[path]!(new URLSearchParams(search), request));
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

createServer((request, response) => void answer(request, response)).listen(Number(port), '127.0.0.1');
// Ending by itself, rather than being killed, it leaves a profile where one was asked for.
process.on('SIGTERM', () => process.exit());
