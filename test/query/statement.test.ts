import { afterAll, beforeAll, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { catalogOf } from '../../src/project.ts';
import { Statement } from '../../src/query/sql/statement.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const catalog = catalogOf(project);

async function rows(make: (statement: Statement) => string): Promise<(string | null)[][]> {
  const statement = new Statement(catalog);
  const text = make(statement);
  return (await opened.database.query(statement.whole(text), statement.values)).rows as (string | null)[][];
}

test.each<readonly [what: string, make: (statement: Statement) => string]>([
  ['a read', statement => `SELECT ${statement.parameter(7, 'integer')}`],
  [
    'a read of several steps',
    statement => `WITH s AS (SELECT ${statement.parameter(7, 'integer')} AS n) SELECT n FROM s`,
  ],
  [
    'a change',
    statement =>
      `INSERT INTO "Category" (slug, name) VALUES ('s', ${statement.parameter('7', 'text')}) ON CONFLICT (slug) DO UPDATE SET name = '7' RETURNING name`,
  ],
  [
    'a change that answers',
    statement =>
      `WITH changed AS (UPDATE "Category" SET name = ${statement.parameter('7', 'text')} WHERE slug = 's' RETURNING name) SELECT name FROM changed`,
  ],
])('%s may leave parameters over, before and behind those that it uses', async (_, make) => {
  const found = await rows(statement => {
    statement.parameter('left over', 'text');
    const text = make(statement);
    statement.parameter([1, 2], 'integer[]');
    return text;
  });
  expect(found).toEqual([['7']]);
});

test('a statement that uses all its parameters is unchanged', () => {
  const statement = new Statement(catalog);
  statement.values.push([1]);
  const text = `SELECT $1::integer[], ${statement.parameter(2, 'integer')}`;
  expect(statement.whole(text)).toBe(text);
});
