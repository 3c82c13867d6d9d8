// Cursors reveal nothing and cannot be made up.

import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitDefaults } from '../../src/base/config/config.ts';
import type { Database } from '../../src/base/database/database.ts';
import type { EntityQuery } from '../../src/query/ask/entity-query.ts';
import { path } from '../../src/query/ask/expression.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import { createCursors } from '../../src/query/cursor/cursor.ts';
import { createSiv } from '../../src/query/cursor/siv.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { createKitchen, fields, many, reader } from './kitchen/kitchen.ts';
import { readPage } from './walk.ts';

const secret = Buffer.alloc(32, 1);
const { seal, open } = createCursors(secret);

test('sealing matches HMAC and counter mode of node:crypto for any text', () => {
  const [macKey, cipherKey] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
  const siv = createSiv(macKey, cipherKey);
  const header = Buffer.from('head');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const plain = Buffer.from(bytes);
      const sealed = siv.seal(header, plain);
      const mac = createHmac('sha256', macKey).update(header).update(plain).digest().subarray(0, 16);
      const iv = Buffer.concat([mac.subarray(0, 12), Buffer.alloc(4)]);
      const cipher = createCipheriv('aes-256-ctr', cipherKey, iv);
      expect(sealed).toEqual(Buffer.concat([mac, cipher.update(plain), cipher.final()]));
      expect(siv.open(header, sealed)).toEqual(plain);
      expect(siv.open(Buffer.from('hand'), sealed)).toBe(undefined);
    }),
  );
});

describe('a cursor', () => {
  test('contains what was sealed in it', () => {
    const contents = fc.record(
      { keys: fc.array(fc.option(fc.string({ unit: 'binary' }))), left: fc.nat() },
      { requiredKeys: ['keys'] },
    );
    fc.assert(
      fc.property(fc.string(), contents, (order, content) => {
        expect(open(order, seal(order, content))).toEqual({ left: undefined, ...content });
      }),
    );
  });

  test('is the same for the same row, and its length does not reveal short values', () => {
    const of = (...keys: string[]) => seal('order', { keys });
    expect(of('a', '1')).toBe(of('a', '1'));
    expect(of('a', '1').slice(8)).not.toBe(of('a', '2').slice(8));
    expect(of('', '1')).toHaveLength(of('abcdefg', '1').length);
    expect(of('Tinned Steel')).not.toContain(Buffer.from('Tinned').toString('base64url'));
  });

  test('is rejected if any bit was changed, removed or added', () => {
    const bytes = Buffer.from(seal('order', { keys: ['key', '1'] }), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => open('order', altered.toString('base64url'))).toThrow(/cursor/);
    }
    const text = bytes.toString('base64url');
    for (const wrong of [
      '',
      'x',
      '42',
      text.slice(1),
      text.slice(0, -1),
      `${text}A`,
      `${text}=`,
      `${text} `,
      text.repeat(2),
    ])
      expect(() => open('order', wrong)).toThrow(/cursor is invalid|secret/);
    fc.assert(
      fc.property(fc.string(), wrong => {
        expect(() => open('order', wrong)).toThrow(/cursor/);
      }),
    );
  });

  test('created with another secret is rejected with an error that says so', () => {
    const other = createCursors(randomBytes(32)).seal('order', { keys: ['1'] });
    expect(() => open('order', other)).toThrow(
      'The cursor was created with a secret that this server no longer uses.',
    );
  });
});

describe('in a query', () => {
  let opened: TestDatabase;
  let database: Database;
  let engine: Engine;
  let cursor: string;
  const byTitle: EntityQuery = many('Room', fields('title'), {
    orderBy: [{ by: path(['title']), direction: 'asc', at: 7 }],
  });

  beforeAll(async () => {
    opened = await openTestDatabase();
    ({ database } = opened);
    engine = await createKitchen(database);
    await database.query(`INSERT INTO "Room" SELECT 'a', i, 'title ' || i FROM generate_series(1, 9) i`);
    cursor = (await readPage(engine, { ...byTitle, take: 4 })).pageInfo.endCursor!;
  });
  afterAll(() => opened.close());

  test('a cursor fits the same order, wherever it was written and whatever the condition', async () => {
    const orderBy = [{ by: path(['title'], undefined, 99), direction: 'asc', nulls: 'first' }] as const;
    const page = await readPage(engine, {
      ...byTitle,
      orderBy,
      after: cursor,
      where: { kind: 'and', items: [] },
    });
    expect(page.nodes.map(node => node.title)).toEqual([
      'title 5',
      'title 6',
      'title 7',
      'title 8',
      'title 9',
    ]);
  });

  test.each<[string, Partial<EntityQuery>]>([
    ['the other direction', { orderBy: [{ by: path(['title']), direction: 'desc' }] }],
    ['missing values elsewhere', { orderBy: [{ by: path(['title']), direction: 'asc', nulls: 'last' }] }],
    ['another key', { orderBy: [{ by: path(['number']), direction: 'asc' }] }],
    ['no key', { orderBy: [] }],
    ['another set', { entity: 'Person', orderBy: [{ by: path(['name']), direction: 'asc' }] }],
  ])('a cursor is refused with %s', (_what, other) => {
    const query = { ...byTitle, ...other, select: fields('id'), at: 3 };
    const attempt = (bounds: Partial<EntityQuery>) => () =>
      engine.prepare({ ...query, select: [], next: true, ...bounds }, reader, 'strings');
    const refusal = { code: 'INVALID_VALUE', at: 3, hint: expect.stringContaining('the order') };
    expect(attempt({ after: cursor })).toThrow(expect.objectContaining(refusal));
    expect(attempt({ before: cursor })).toThrow(expect.objectContaining(refusal));
  });

  test('a cursor of another server is refused, one of another instance is not', async () => {
    const parts = { catalog: engine.catalog, database, limits: limitDefaults };
    const instance = createEngine({ ...parts, cursorSecret: secret });
    const given = (await readPage(instance, { ...byTitle, take: 2 })).pageInfo.endCursor!;
    const other = createEngine({ ...parts, cursorSecret: secret });
    expect((await readPage(other, { ...byTitle, after: given })).nodes).toHaveLength(7);
    expect(() => engine.prepare({ ...byTitle, after: given }, reader, 'strings')).toThrow(/secret/);
  });

  test('a list with a limit ends there, however many pages it takes', async () => {
    const sizes: number[] = [];
    let next: string | undefined;
    do {
      const read = engine.prepare(
        { ...byTitle, next: true, after: next, limit: next ? undefined : 7, take: 3 },
        reader,
        'strings',
      );
      const answer = await engine.run(read);
      sizes.push(answer.rows);
      next = answer.next;
    } while (next !== undefined);
    expect(sizes).toEqual([3, 3, 1]);
  });
});
