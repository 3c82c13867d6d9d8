import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/base/database/database.ts';
import { serverForFile, type TestServer } from '../harness.ts';
import { subscribe } from './event-stream.ts';
import { type Instance, openInstance } from './instance.ts';
import { logged } from './logged.ts';

const server = serverForFile();
beforeAll(async () => {
  await server.database.query(
    `insert into "Supplier" (id, code, name, country) select i, i::text, '', 'DE' from generate_series(1, 5) i`,
  );
  await server.database.query(
    `insert into "Product" (id, sku, name, price) values (1, 'A', 'A', 1), (2, 'B', 'B', 1)`,
  );
  await server.database.query(
    `insert into "Collection" (id, slug, name) select i, i::text, '' from generate_series(1, 40) i`,
  );
});

const random = (below: number): number => Math.floor(Math.random() * below);

describe('positions', () => {
  test('have no gaps and no twins, however many write at once', async () => {
    const { database } = server;
    const writer = async () => {
      for (let turn = 0; turn < 10; turn++) {
        const ids = [1, 2, 3, 4, 5].filter(() => random(2) === 1);
        const run = database.transaction(async session => {
          // In one order, or the writers could wait for each other for ever.
          for (const id of ids)
            await session.query('update "Supplier" set name = $2 where id = $1', [id, `${random(1e9)}`]);
          if (random(4) === 0) throw new Error('rolled back');
        });
        await run.catch(error => expect(error.message).toBe('rolled back'));
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    const positions = Object.groupBy(await logged(database, 'Supplier'), ({ key }) => key);
    for (const changes of Object.values(positions))
      expect(changes!.map(({ position }) => position)).toEqual(changes!.map((_, index) => index + 1));
  });

  test('have none where links to one record are made by many at once', async () => {
    const { database } = server;
    const link = (collection: number) =>
      database.query('insert into "_CollectionToProduct" ("A", "B") values ($1, 1), ($1, 2)', [collection]);
    await Promise.all(Array.from({ length: 40 }, (_, index) => link(index + 1)));
    const changes = (await logged(database, 'Product')).filter(({ key }) => key === '1');
    expect(changes.map(({ position }) => position)).toEqual(
      Array.from({ length: 41 }, (_, index) => index + 1),
    );
  });
});

/** Transactions that overlap in every way, some of them slow, some rolled back. */
async function writeBusily(writers: readonly Session[], turns: number): Promise<void> {
  const instances = writers as unknown as Instance['database'][];
  await Promise.all(
    instances.flatMap(database =>
      [1, 2, 3].map(async () => {
        for (let turn = 0; turn < turns; turn++) {
          const run = database.transaction(async session => {
            for (let write = 0; write <= random(3); write++) {
              await session.query(
                `insert into "Warehouse" (code, name, city) select substr(gen_random_uuid()::text, 1, 18), '', '' from generate_series(1, $1::int)`,
                [1 + random(3)],
              );
              await sleep(random(random(8) === 0 ? 150 : 8));
            }
            if (random(5) === 0) throw new Error('rolled back');
          });
          await run.catch(error => expect(error.message).toBe('rolled back'));
        }
      }),
    ),
  );
}

/** Follows and leaves again and again, each time going on after the last position. @returns all positions told, in order */
async function followInPieces(
  over: Pick<TestServer, 'fetch'>,
  after: string,
  until: () => string | undefined,
) {
  const told: string[] = [];
  let last = after;
  for (;;) {
    const query = `subscription { warehouseChanged(after: "${last}") { position key } }`;
    const stream = await subscribe(over, server.adminKey, query);
    for (let left = 1 + random(40); left > 0; left--) {
      if (until() !== undefined && last === until()) {
        await stream.leave();
        return told;
      }
      const [change] = await stream.take(1);
      last = change!.position as unknown as string;
      told.push(last);
    }
    await stream.leave();
  }
}

const idsAfter = async (after: string): Promise<string[]> => {
  const text = `select id from portolan.change where entity = 'Warehouse' and id > $1 order by id`;
  return (await server.database.query(text, [after])).rows.map(([id]) => id!);
};

const lastOf = async (): Promise<string> =>
  (await server.database.query('select coalesce(max(id), 0) from portolan.change')).rows[0]![0]!;

test('followers get every change exactly once, in any order of commits', async () => {
  const { database } = server;
  const after = await lastOf();
  let end: string | undefined;
  const followers = [1, 2, 3].map(() => followInPieces(server, after, () => end));
  await writeBusily([database], 12);
  await database.query(`insert into "Warehouse" (code, name, city) values ('the last', '', '')`);
  end = await lastOf();
  const ids = await idsAfter(after);
  for (const told of await Promise.all(followers)) expect(told).toEqual(ids);
});

describe.runIf(process.env.TEST_DATABASE_URL)('on PostgreSQL', () => {
  /** A transaction that stays open while others come and go. */
  async function holding(first: string, work: (run: (sql: string) => Promise<unknown>) => Promise<void>) {
    const client = await server.database.pool.connect();
    await client.query('begin');
    await client.query(first);
    await work(sql => client.query(sql));
    await client.query('commit');
    client.release();
  }

  const insert = (id: number) =>
    `insert into "Warehouse" (id, code, name, city) values (${id}, '${id}', '', '')`;

  test('a change waits for those that took their place before it, and no other set does', async () => {
    const { database, adminKey } = server;
    const stream = await subscribe(server, adminKey, 'subscription { warehouseChanged { key } }');
    await holding(insert(900_001), async run => {
      await database.query(insert(900_002));
      const others = await subscribe(server, adminKey, 'subscription { supplierChanged { key } }');
      await database.query('update "Supplier" set rating = 1 where id = 1');
      expect(await others.take(1)).toEqual([{ key: { id: 1 } }]);
      await others.leave();
      await sleep(300);
      await run(insert(900_003));
    });
    const told = await stream.take(3);
    expect(told.map(({ key }) => key)).toEqual([{ id: 900_001 }, { id: 900_002 }, { id: 900_003 }]);
    await stream.leave();
  });

  test('a reader that goes on after an id is given nothing that others may still come before', async () => {
    const { database } = server;
    const after = await lastOf();
    const ask = async () => {
      const query = `{ changes(entity: "Warehouse", after: "${after}") { id } }`;
      const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
      return (await response.json()).data.changes.length;
    };
    await holding(insert(900_004), async () => {
      await database.query(insert(900_005));
      expect(await ask()).toBe(0);
    });
    expect(await ask()).toBe(2);
  });

  test('two instances tell the same, whichever of them was written through', async () => {
    await using second = await openInstance(server);
    const after = await lastOf();
    let end: string | undefined;
    const followers = [server, second, second].map(over => followInPieces(over, after, () => end));
    await writeBusily([server.database, second.database], 6);
    await second.database.query(`insert into "Warehouse" (code, name, city) values ('very last', '', '')`);
    end = await lastOf();
    const ids = await idsAfter(after);
    for (const told of await Promise.all(followers)) expect(told).toEqual(ids);
  });

  test('a key that is revoked on one instance ends the streams of another', async () => {
    await using second = await openInstance(server);
    const key = await server.createKey('read');
    const stream = await subscribe(second, key, 'subscription { productChanged { position } }');
    const path = `/api/keys/${key.slice(3, 15)}`;
    await server.fetch(path, { key: server.adminKey, method: 'DELETE' });
    const begun = performance.now();
    expect((await stream.next())?.errors?.[0]?.extensions.code).toBe('INVALID_CREDENTIAL');
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('goes on when the listening connection is lost', async () => {
    const stream = await subscribe(server, server.adminKey, 'subscription { warehouseChanged { key } }');
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query = 'listen portolan_change'`;
    for (let round = 0; round < 3; round++) {
      await expect
        .poll(async () => (await server.database.query(kill)).rowCount, { timeout: 20_000 })
        .toBeGreaterThan(0);
      await server.database.query(
        `insert into "Warehouse" (code, name, city) values ('lost ${round}', '', '')`,
      );
      expect(await stream.take(1)).toHaveLength(1);
    }
    await stream.leave();
  });
});
