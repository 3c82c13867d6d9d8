import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { ApiClient } from './api-client.ts';

/** Stored as names, and asked for. */
const storable = [
  "'",
  "''",
  '"',
  '`',
  '\\',
  "\\'",
  '%',
  '_',
  '%_%',
  '\\%',
  '*',
  '$1',
  ':name',
  '?',
  '\'; DROP TABLE "Product"; --',
  "' OR '1'='1",
  '/* comment */',
  '$' + '{1+1}',
  '{{x}}',
  '<b>&amp;</b>',
  '\n\r\t',
  '',
  ' leading and trailing ',
  'é',
  'é',
  '日本語',
  '🧭',
  '𐍈 end',
  '\u0001\u001f',
  '\ufeffbom',
  'null',
  'true',
  '0',
  '{"json":"text"}',
  "E'\\x41'",
];
/** Cannot be stored, so nothing equals or contains them. */
const unstorable = ['\0', 'a\0b', '\ud800', 'x\udfffy'];

const tests: Record<string, TextTest> = {
  equals: (name, text) => name === text,
  not: (name, text) => name !== text,
  contains: (name, text) => name.includes(text),
  startsWith: (name, text) => name.startsWith(text),
  endsWith: (name, text) => name.endsWith(text),
};
const odataTests: Record<string, (quoted: string) => string> = {
  equals: quoted => `name eq ${quoted}`,
  not: quoted => `name ne ${quoted}`,
  contains: quoted => `contains(name,${quoted})`,
  startsWith: quoted => `startswith(name,${quoted})`,
  endsWith: quoted => `endswith(name,${quoted})`,
};

let doors: ApiClient;

const server = serverForFile();
beforeAll(async () => {
  doors = new ApiClient(server);
  await server.database.query(
    `INSERT INTO "Supplier" (code, name, country) SELECT 'c' || n, name, 'XX' FROM unnest($1::text[]) WITH ORDINALITY AS t(name, n)`,
    [storable],
  );
});

describe.each(Object.entries(tests))('%s takes every text literally', (operator, test_) => {
  test.each([...storable, ...unstorable].map(text => [JSON.stringify(text), text] as const))(
    '%s',
    async (_shown, text) => {
      const expected = storable.filter(name => holds(test_, name, text)).sort();
      const declare = '($text: String)';
      const selection = `suppliers(where: { name: { ${operator}: $text } }) { name }`;
      const read = { promise: '', declare, selection, variables: { text } };
      expect(names(await doors.queryApi(read))).toEqual(expected);
      expect(names(await doors.graphql(read))).toEqual(expected);
      if (!text.isWellFormed()) return;
      const literal = {
        promise: '',
        selection: `suppliers(where: { name: { ${operator}: ${graphqlString(text)} } }) { name }`,
      };
      expect(names(await doors.queryApi(literal))).toEqual(expected);
      const filter = odataTests[operator]!(`'${text.replaceAll("'", "''")}'`);
      const { status, text: body } = await doors.answer(
        `/odata/suppliers?$select=name&$filter=${encodeURIComponent(filter)}`,
      );
      expect(status, body).toBe(200);
      expect(names(JSON.parse(body).value)).toEqual(expected);
    },
  );
});

describe('any text at all', () => {
  test('is a value and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async text => {
        const selection =
          'suppliers(where: { OR: [{ name: { equals: $a } }, { name: { in: [$a] } }, { name: { contains: $a } }] }) { name }';
        const rows = await doors.queryApi({ promise: '', selection, variables: { a: text } });
        expect(names(rows)).toEqual(storable.filter(name => name.includes(text)).sort());
      }),
      { numRuns: 150 },
    );
  });

  test('in order comparisons neither breaks nor leaks', async () => {
    for (const text of [...storable, ...unstorable]) {
      for (const operator of ['lt', 'lte', 'gt', 'gte']) {
        const selection = `suppliers(where: { name: { ${operator}: $text } }) { name }`;
        const { status } = await doors.answer('/api/query', { query: selection, variables: { text } });
        expect(status).toBe(200);
      }
    }
  });

  test('as a name of anything is refused, not run', async () => {
    for (const text of storable.filter(Boolean)) {
      const answers = [
        await doors.answer('/api/query', { query: `suppliers { ${text} }` }),
        await doors.answer(`/odata/suppliers?$select=${encodeURIComponent(text)}`),
        await doors.answer(`/odata/suppliers?$orderby=${encodeURIComponent(text)}`),
        await doors.answer(`/odata/${encodeURIComponent(text)}`),
      ];
      for (const { status } of answers) expect(status, text).not.toBe(500);
    }
    const { rows } = await server.database.query('SELECT count(*) FROM "Supplier"');
    expect(rows[0]![0]).toBe(String(storable.length));
  });
});

describe('search takes every text literally', () => {
  test.each([...storable, ...unstorable].map(text => [JSON.stringify(text), text] as const))(
    '%s',
    async (_shown, text) => {
      const selection = 'suppliers(search: $text) { name }';
      const read = { promise: '', declare: '($text: String)', selection, variables: { text } };
      const found = names(await doors.queryApi(read));
      expect(names(await doors.graphql(read))).toEqual(found);
      const { status, text: body } = await doors.answer('/api/query', {
        query: selection,
        variables: { text: `"${text.replaceAll('"', ' ')}"` },
      });
      expect(status, body).toBe(200);
      const phrase = names(JSON.parse(body).suppliers);
      if (isFindable(text)) expect(phrase).toContain(text);
      else expect(phrase).toEqual([]);
      if (!text.isWellFormed()) return;
      const quoted = `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
      const odata = await doors.answer(`/odata/suppliers?$select=name&$search=${encodeURIComponent(quoted)}`);
      expect(odata.status, odata.text).toBe(200);
      expect(names(JSON.parse(odata.text).value)).toEqual(phrase);
      const bare = await doors.answer(`/odata/suppliers?$search=${encodeURIComponent(text)}`);
      expect([200, 400], bare.text).toContain(bare.status);
    },
  );

  test('and any other text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async text => {
        const query = 'suppliers(search: $a) { name }';
        const { status, text: body } = await doors.answer('/api/query', { query, variables: { a: text } });
        expect(status, body).toBe(200);
      }),
      { numRuns: 150 },
    );
  });
});

/** Words are made of letters and digits. */
const isFindable = (text: string): boolean =>
  /[\p{L}\p{N}]/u.test(text) && text.isWellFormed() && !text.includes('\0');

const names = (rows: unknown): string[] => (rows as { name: string }[]).map(row => row.name).sort();

type TextTest = (name: string, text: string) => boolean;

/** JavaScript finds half a character within a whole one; a database holds whole ones only. */
const holds = (textTest: TextTest, name: string, text: string): boolean =>
  text.isWellFormed() ? textTest(name, text) : textTest === tests.not;

/** GraphQL's string escapes are JSON's. */
const graphqlString = (text: string): string => JSON.stringify(text);
