import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/base/database/database.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { lastId, logged } from './logged.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

/** Values as texts, as PostgreSQL writes them. */
type Row = Record<string, string | null>;
type Rows = Map<string, Row>;

interface Write {
  readonly kind: 'insert' | 'update' | 'delete' | 'upsert' | 'rekey';
  readonly ids: readonly number[];
  readonly name: string;
  readonly rating: number | null;
  readonly since: string | null;
}

const idMax = 6;
let rekeyed = 0;
const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom('insert', 'update', 'delete', 'upsert', 'rekey'),
  ids: fc.uniqueArray(fc.integer({ min: 1, max: idMax }), { minLength: 1, maxLength: 4 }),
  name: fc.string({ maxLength: 6, unit: 'grapheme' }).map(text => text.replaceAll('\0', '')),
  rating: fc.option(fc.constantFrom(0, 1.5, 0.1, 1e-7, 123456789.123)),
  since: fc.option(fc.constantFrom('2020-02-29', '1999-12-31')),
});

/** Transactions, each kept or rolled back; some of their writes are undone by a savepoint. */
const history = fc.array(
  fc.record({
    keep: fc.boolean(),
    writes: fc.array(fc.record({ write, undone: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 6 },
);

async function perform(session: Session, { kind, ids, name, rating, since }: Write): Promise<void> {
  const values = [ids, name, rating, since];
  const rows = `select i, gen_random_uuid()::text, $2::text, 'DE', $3::float8, $4::date from unnest($1::int[]) i`;
  const columns = '"Supplier" as t (id, code, name, country, rating, since)';
  const known = await session.query('select id from "Supplier" where id = any($1::int[])', [ids]);
  const stored = new Set(known.rows.map(([id]) => Number(id)));
  const fresh = ids.filter(id => !stored.has(id));
  if (kind === 'insert') await session.query(`insert into ${columns} ${rows}`, [fresh, ...values.slice(1)]);
  if (kind === 'upsert')
    await session.query(
      `insert into ${columns} ${rows} on conflict (id) do update set name = excluded.name, rating = excluded.rating`,
      values,
    );
  if (kind === 'update')
    await session.query(
      'update "Supplier" set name = $2, rating = $3, since = $4 where id = any($1::int[])',
      values,
    );
  if (kind === 'delete') await session.query('delete from "Supplier" where id = any($1::int[])', [ids]);
  if (kind === 'rekey') {
    rekeyed += 1000;
    await session.query('update "Supplier" set id = id + $2::int where id = any($1::int[])', [ids, rekeyed]);
  }
}

async function snapshot(session: Session): Promise<Rows> {
  const { rows } = await session.query('select id, code, name, country, rating, since from "Supplier"');
  return new Map(
    rows.map(([id, code, name, country, rating, since]) => [
      id!,
      { id: id!, code: code!, name: name!, country: country!, rating: rating!, since: since! },
    ]),
  );
}

interface Difference {
  readonly key: string;
  readonly kind: string;
  readonly old: Row | null;
  readonly now: Row | null;
}

/** @returns what a statement did to each record, found by comparing the table before and after it */
function differences(before: Rows, after: Rows): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Difference[] => {
    const [old, now] = [before.get(key), after.get(key)];
    if (!old) return [{ key, kind: 'insert', old: null, now: now! }];
    if (!now) return [{ key, kind: 'delete', old, now: null }];
    const names = Object.keys(old).filter(name => old[name] !== now[name]);
    const only = (row: Row) => Object.fromEntries(names.map(name => [name, row[name]!]));
    return names.length ? [{ key, kind: 'update', old: only(old), now: only(now) }] : [];
  });
}

test('logs each change of each record exactly once, whatever is written', async () => {
  const { database } = opened;
  await fc.assert(
    fc.asyncProperty(history, async transactions => {
      await database.query('truncate "Supplier", portolan.change, portolan.change_floor cascade');
      const start = await lastId(database);
      const expected: Difference[][] = [];
      for (const { keep, writes } of transactions) {
        const done: Difference[][] = [];
        const run = database.transaction(async session => {
          for (const { write, undone } of writes) {
            const before = await snapshot(session);
            await session.query('savepoint one');
            await perform(session, write);
            if (undone) await session.query('rollback to savepoint one');
            done.push(differences(before, await snapshot(session)));
          }
          if (!keep) throw new Error('rolled back');
        });
        await run.then(
          () => expected.push(...done),
          error => expect(error.message).toBe('rolled back'),
        );
      }
      const log = await logged(database, 'Supplier', start);
      const seen = new Map<string, number>();
      const wanted = expected.flatMap(statement =>
        statement.map(change => {
          const position = (seen.get(change.key) ?? 0) + 1;
          seen.set(change.key, position);
          return { ...change, position };
        }),
      );
      // Of one statement the order of records is free; of one record it is not.
      const byRecord = (changes: readonly { key: string }[]) => Object.groupBy(changes, ({ key }) => key);
      expect(byRecord(log)).toEqual(byRecord(wanted));
    }),
    { numRuns: 40 },
  );
});
