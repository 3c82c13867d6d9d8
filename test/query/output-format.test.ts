import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutputFormat } from '../../src/query/ask/output-format.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { createKitchen, fields, many, reader } from './kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  await opened.database.query(
    `insert into things (thing_id, bytes, double, single, decimal, big, doubles, decimals)
     values (1, '\\xfbefbeff00', 'Infinity', '-Infinity', 1.5, 9007199254740993, '{Infinity,NaN,0.5}', '{1.5}'),
            (2, null, 'NaN', 0.25, null, null, '{}', '{}')`,
  );
});

afterAll(() => opened.close());

const select = fields('bytes', 'double', 'single', 'decimal', 'big', 'doubles', 'decimals');

/** @returns the JSON of both things, as text: no digit gets lost */
const text = async (format: OutputFormat): Promise<string> =>
  (await engine.run(engine.prepare(many('Thing', select), reader, format))).text;

const decimal = '1.500000000000000000000000000000';

describe('values that JSON cannot represent are written', () => {
  test('in base64 and by PostgreSQL’s words', async () => {
    const bytes = Buffer.from('fbefbeff00', 'hex').toString('base64');
    expect(bytes).toMatch(/[+/].*=/);
    expect(await text('numbers')).toBe(
      `[{"bytes":"${bytes}","double":"Infinity","single":"-Infinity","decimal":${decimal},"big":9007199254740993,"doubles":["Infinity","NaN",0.5],"decimals":[${decimal}]},{"bytes":null,"double":"NaN","single":0.25,"decimal":null,"big":null,"doubles":[],"decimals":[]}]`,
    );
  });

  test('for OData in the base64 of URLs and by its own words', async () => {
    const bytes = Buffer.from('fbefbeff00', 'hex').toString('base64url');
    expect(bytes).toMatch(/[-_]/);
    expect(await text('odata-numbers')).toBe(
      `[{"bytes":"${bytes}","double":"INF","single":"-INF","decimal":${decimal},"big":9007199254740993,"doubles":["INF","NaN",0.5],"decimals":[${decimal}]},{"bytes":null,"double":"NaN","single":0.25,"decimal":null,"big":null,"doubles":[],"decimals":[]}]`,
    );
    expect(await text('odata-strings')).toBe(
      `[{"bytes":"${bytes}","double":"INF","single":"-INF","decimal":"${decimal}","big":"9007199254740993","doubles":["INF","NaN",0.5],"decimals":["${decimal}"]},{"bytes":null,"double":"NaN","single":0.25,"decimal":null,"big":null,"doubles":[],"decimals":[]}]`,
    );
  });
});
