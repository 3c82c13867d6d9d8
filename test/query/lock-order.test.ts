import { beforeAll, beforeEach, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { importCsv } from '../imports/import-csv.ts';

let keys: string[];
const server = serverForFile({ databasePoolMax: 12 });
beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: 8 }, () => server.createKey('read', 'write')));
});
beforeEach(() => server.database.query('DELETE FROM "Supplier"'));

const codes = Array.from({ length: 1_000 }, (_, index) => `S${index}`);

/** The same list, in an order of its own for each client. */
const turned = <T>(list: readonly T[], client: number): T[] => {
  const start = Math.floor((list.length / keys.length) * client);
  const rows = [...list.slice(start), ...list.slice(0, start)];
  return client % 2 === 0 ? rows : rows.reverse();
};

const run = async (key: string, query: string, variables: object = {}) =>
  (await server.fetch('/graphql', { key, json: { query, variables } })).json();

const upsert = (client: number) => {
  const data = turned(codes, client).map(code => ({ code, country: 'DE', name: `${code} of ${client}` }));
  return run(
    keys[client]!,
    'mutation ($data: [SupplierUpsert!]!) { upsertSuppliers(data: $data) { code } }',
    { data },
  );
};

test('the same rows upserted by eight clients in different orders are all written', async () => {
  // Once they are new, and once they are there.
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(keys.map((_, client) => upsert(client)));
    for (const [client, answer] of answers.entries()) {
      expect(answer.errors).toBeUndefined();
      // The answer is in the order of the request all the same.
      const told = answer.data.upsertSuppliers.map((row: { code: string }) => row.code);
      expect(told).toEqual(turned(codes, client));
    }
  }
});

test('rows of several shapes and orders, with an import and bulk updates beside them, are all written', async () => {
  await upsert(0);
  const mixed = (client: number) => {
    const data = turned(codes, client).map((code, index) =>
      (index + client) % 2
        ? { code, country: 'DE', name: 'x' }
        : { code, name: 'x', country: 'DE', rating: 2 },
    );
    return run(
      keys[client]!,
      'mutation ($data: [SupplierUpsert!]!) { upsertSuppliers(data: $data) { code } }',
      { data },
    );
  };
  const update = (client: number, where: string) =>
    run(keys[client]!, `mutation { updateSuppliers(where: ${where}, data: { name: "y" }) { count } }`);
  const answers = await Promise.all([
    ...[0, 1, 2, 3].map(upsert),
    ...[4, 5].map(mixed),
    update(6, '{ code: { startsWith: "S" } }'),
    update(7, '{ name: { contains: "of" }, OR: [{ code: { endsWith: "1" } }, { code: { gte: "S5" } }] }'),
    importCsv(
      server,
      `code,name,country\n${turned(codes, 5)
        .map(code => `${code},z,DE`)
        .join('\n')}`,
      {
        entity: 'suppliers',
      },
    ),
    importCsv(
      server,
      `code,name,country\n${turned(codes, 3)
        .map(code => `${code},z,DE`)
        .join('\n')}`,
      {
        entity: 'suppliers',
        mode: 'update',
      },
    ),
  ]);
  for (const answer of answers.slice(0, 8)) expect(answer.errors).toBeUndefined();
  expect(answers.slice(8)).toMatchObject([
    { status: 200, updated: 1_000 },
    { status: 200, updated: 1_000 },
  ]);
});

test('batches and operations that change the same records one by one in different orders are all done', async () => {
  const few = codes.slice(0, 30);
  const data = few.map(code => ({ code, country: 'DE', name: code }));
  await run(keys[0]!, 'mutation ($data: [SupplierUpsert!]!) { upsertSuppliers(data: $data) { code } }', {
    data,
  });
  const batch = async (client: number) => {
    const requests = turned(few, client).map((code, index) => ({
      ...{ id: String(index), method: 'PATCH', url: `suppliers(code='${code}')`, atomicityGroup: 'one' },
      ...{ headers: { 'content-type': 'application/json' }, body: { name: `${code} of ${client}` } },
    }));
    const response = await server.fetch('/odata/$batch', { key: keys[client]!, json: { requests } });
    const { responses } = (await response.json()) as { responses: { status: number }[] };
    return responses.every(({ status }) => status < 300) ? 'done' : JSON.stringify(responses);
  };
  const operation = async (client: number) => {
    const roots = turned(few, client).map(
      (code, index) => `m${index}: updateSupplier(code: "${code}", data: { name: "${client}" }) { code }`,
    );
    const { errors } = await run(keys[client]!, `mutation { ${roots.join(' ')} }`);
    return errors === undefined ? 'done' : JSON.stringify(errors);
  };
  const answers = await Promise.all([...[0, 1, 2, 3].map(batch), ...[4, 5, 6, 7].map(operation)]);
  expect(answers).toEqual(Array(8).fill('done'));
});
