import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { columns, importCsv, rowsOf, send } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product", "Category", "Customer" RESTART IDENTITY CASCADE');
});

const nothing = { imported: 0, inserted: 0, updated: 0, failed: 0, errors: [] };

describe('a good file', () => {
  test('is imported, and the rows are there as they were written', async () => {
    const answer = await importCsv(
      server,
      'sku,name,price,stock\nA-1,"Lamp, small",12.50,3\nA-2,"Say ""hi""",7,0\n',
    );
    expect(answer).toEqual({
      ...{ status: 200, imported: 2, inserted: 2, updated: 0, failed: 0, errors: [] },
      file: { format: 'csv', encoding: 'utf-8', delimiter: ',' },
    });
    expect(await rowsOf(server, 'SELECT sku, name, price::text, stock FROM "Product" ORDER BY sku')).toEqual([
      { sku: 'A-1', name: 'Lamp, small', price: '12.50', stock: 3 },
      { sku: 'A-2', name: 'Say "hi"', price: '7.00', stock: 0 },
    ]);
  });

  test('updates rows that exist when it comes again, and leaves columns alone that it does not give', async () => {
    await importCsv(server, 'sku,name,price,stock\nA,Old,1,5\n');
    const answer = await importCsv(server, 'sku,name,price\nA,New,2\nB,Other,3\n');
    expect(answer).toMatchObject({
      status: 200,
      imported: 2,
      inserted: 1,
      updated: 1,
      failed: 0,
      errors: [],
    });
    expect(await rowsOf(server, 'SELECT id, sku, name, stock FROM "Product" ORDER BY sku')).toMatchObject([
      { id: 1, sku: 'A', name: 'New', stock: 5 },
      { sku: 'B', name: 'Other', stock: 0 },
    ]);
  });

  test('sets updatedAt and keeps createdAt when a row is updated', async () => {
    await importCsv(server, 'sku,name,price\nA,Old,1\n');
    await server.database.query(
      `UPDATE "Product" SET "createdAt" = '2020-01-01', "updatedAt" = '2020-01-01'`,
    );
    await importCsv(server, 'sku,name,price\nA,New,1\n');
    const [row] = await rowsOf(
      server,
      'SELECT "createdAt", "updatedAt" > now() - interval \'1 hour\' AS fresh FROM "Product"',
    );
    expect(row).toEqual({ createdAt: '2020-01-01T00:00:00+00:00', fresh: true });
  });

  test('matches headers in any case, without spaces, underscores and dashes', async () => {
    await importCsv(server, 'slug,name\nlamps,Lamps\n', { entity: 'categories' });
    const answer = await importCsv(
      server,
      ' SKU ,Name,PRICE,category_id,Created-At\nA,Lamp,1,1,2026-01-02\n',
    );
    expect(answer.imported).toBe(1);
    const [row] = await rowsOf(server, 'SELECT "categoryId", "createdAt" FROM "Product"');
    expect(row).toEqual({ categoryId: 1, createdAt: '2026-01-02T00:00:00+00:00' });
  });

  test('takes a set by its own name or the name of its model, in any case', async () => {
    for (const entity of ['products', 'Product', 'PRODUCTS']) {
      expect((await importCsv(server, 'sku,name,price\nA,Lamp,1\n', { entity })).imported).toBe(1);
    }
  });

  test('has empty cells as null, or as the default where null is not allowed', async () => {
    const answer = await importCsv(
      server,
      'sku,name,price,stock,active,tags,weight,barcode\nA,Lamp,1,,, ,,\n',
    );
    expect(answer.imported).toBe(1);
    const [row] = await rowsOf(server, 'SELECT stock, active, tags, weight, barcode FROM "Product"');
    expect(row).toEqual({ stock: 0, active: true, tags: [], weight: null, barcode: null });
  });

  test('keeps what looks like a formula or like SQL as it is', async () => {
    const names = [
      '=1+1',
      '@SUM(A1)',
      '\'); DROP TABLE "Product"; --',
      '{a,"b"}',
      'NULL',
      '\\N',
      '\\"',
      '$1',
      '  spaces  ',
    ];
    const lines = names.map((name, i) => `S${i},"${name.replaceAll('"', '""')}",1`);
    expect((await importCsv(server, `sku,name,price\n${lines.join('\n')}`)).imported).toBe(names.length);
    const rows = await rowsOf<{ name: string }>(server, 'SELECT name FROM "Product" ORDER BY sku');
    expect(rows.map(row => row.name)).toEqual(names);
  });

  test('without rows imports none', async () => {
    expect(await importCsv(server, 'sku,name,price\n')).toMatchObject({ status: 200, ...nothing });
  });

  test('may consist of keys alone where nothing else is required', async () => {
    await importCsv(server, 'slug,name\na,A\n', { entity: 'categories' });
    await importCsv(server, 'code,name,city\nw,W,Graz\n', { entity: 'warehouses' });
    await importCsv(server, 'sku,name,price\nA,Lamp,1\n');
    const levels = 'warehouseId,productId,quantity\n1,1,5\n';
    expect(await importCsv(server, levels, { entity: 'stockLevels' })).toMatchObject({
      inserted: 1,
      updated: 0,
    });
    expect(await importCsv(server, levels, { entity: 'stockLevels' })).toMatchObject({
      inserted: 0,
      updated: 1,
    });
  });
});

describe('a file with faults', () => {
  const file = 'sku,name,price,stock\nA,Lamp,1,2\nB,,x,"1,000"\nC,Chair,2,1\n,Table,3.999,4\n';
  const faults = [
    [3, 'name', 'REQUIRED'],
    [3, 'price', 'INVALID_VALUE'],
    [3, 'stock', 'INVALID_VALUE'],
    [5, 'sku', 'REQUIRED'],
    [5, 'price', 'OUT_OF_RANGE'],
  ];

  test('is refused as a whole, with every fault of every row', async () => {
    const answer = await importCsv(server, file);
    expect(answer).toMatchObject({ status: 422, imported: 0, inserted: 0, updated: 0, failed: 2 });
    expect(answer.error?.code).toBe('ROWS_REFUSED');
    expect(columns(answer.errors)).toEqual(faults);
    expect(answer.errors[2]).toEqual({
      row: 3,
      line: 3,
      column: 'stock',
      value: '1,000',
      code: 'INVALID_VALUE',
      message:
        'Not a whole number. Write numbers without thousands separators, with a point before the decimals: 1234.50.',
    });
    expect(await rowsOf(server, 'SELECT 1 FROM "Product"')).toEqual([]);
  });

  test('gives its good rows with onError=skip', async () => {
    const answer = await importCsv(server, file, { onError: 'skip' });
    expect(answer).toMatchObject({ status: 200, imported: 2, inserted: 2, updated: 0, failed: 2 });
    expect(columns(answer.errors)).toEqual(faults);
    expect(await rowsOf(server, 'SELECT sku FROM "Product" ORDER BY sku')).toEqual([
      { sku: 'A' },
      { sku: 'C' },
    ]);
  });

  test('counts rows as a spreadsheet does, and lines as an editor does', async () => {
    const answer = await importCsv(server, 'sku,name,price\r\nA,"two\r\nlines",1\r\n\r\n ,,\r\nB,Lamp,x\r\n');
    expect(answer.errors).toMatchObject([{ row: 5, line: 6, column: 'price', value: 'x' }]);
  });

  test('names both rows that have the same key, and imports the first with onError=skip', async () => {
    const answer = await importCsv(server, 'sku,name,price\nA,One,1\nB,Two,2\nA,Three,3\n', {
      onError: 'skip',
    });
    expect(answer).toMatchObject({ imported: 2, failed: 1 });
    expect(answer.errors).toEqual([
      {
        row: 4,
        line: 4,
        column: 'sku',
        value: 'A',
        code: 'DUPLICATE_KEY',
        message: 'Row 2 has the same sku.',
      },
    ]);
    expect(await rowsOf(server, 'SELECT name FROM "Product" ORDER BY sku')).toEqual([
      { name: 'One' },
      { name: 'Two' },
    ]);
  });

  test('names rows with too few or too many cells', async () => {
    const answer = await importCsv(server, 'sku,name,price\nA,Lamp\nB,Lamp, with shade,1\nC,Chair,1,,\n');
    expect(columns(answer.errors)).toEqual([
      [2, null, 'WRONG_CELL_COUNT'],
      [3, null, 'WRONG_CELL_COUNT'],
    ]);
  });

  test('lists a thousand faults and counts all rows', async () => {
    const lines = Array.from({ length: 1500 }, (_, i) => `S${i},Lamp,x`);
    const answer = await importCsv(server, `sku,name,price\n${lines.join('\n')}`);
    expect(answer).toMatchObject({ status: 422, failed: 1500, errorsTruncated: true });
    expect(answer.errors).toHaveLength(1000);
  });

  test('cuts long values in its faults', async () => {
    const { errors } = await importCsv(server, `sku,name,price\n${'A'.repeat(500)},Lamp,1\n`);
    expect(errors).toMatchObject([{ code: 'TOO_LONG', value: `${'A'.repeat(80)}…` }]);
  });
});

describe('what only the database knows', () => {
  test('reports field and row: a reference to a missing record', async () => {
    const file = 'sku,name,price,categoryId\nA,Lamp,1,\nB,Lamp,1,77\nC,Lamp,1,78\n';
    const answer = await importCsv(server, file);
    expect(answer).toMatchObject({ status: 422, imported: 0, failed: 2 });
    expect(answer.errors).toEqual([
      {
        row: 3,
        line: 3,
        column: 'categoryId',
        value: '77',
        code: 'NO_SUCH_REFERENCE',
        message: 'There is no Category with this categoryId.',
      },
      {
        row: 4,
        line: 4,
        column: 'categoryId',
        value: '78',
        code: 'NO_SUCH_REFERENCE',
        message: 'There is no Category with this categoryId.',
      },
    ]);
    expect(await importCsv(server, file, { onError: 'skip' })).toMatchObject({
      status: 200,
      imported: 1,
      failed: 2,
    });
  });

  test('reports field and row: a duplicate value, stored or in the file', async () => {
    await importCsv(server, 'number,name,email,country\n1,Ada,ada@example.com,AT\n', { entity: 'customers' });
    const file =
      'number,name,email,country\n2,Bob,ada@example.com,AT\n3,Cy,cy@example.com,AT\n4,Di,cy@example.com,AT\n';
    const answer = await importCsv(server, file, { entity: 'customers', onError: 'skip' });
    expect(answer).toMatchObject({ status: 200, inserted: 1, failed: 2 });
    expect(columns(answer.errors)).toEqual([
      [2, 'email', 'NOT_UNIQUE'],
      [4, 'email', 'NOT_UNIQUE'],
    ]);
    expect(JSON.stringify(answer)).not.toContain('Customer_email_key');
  });

  test('reports field and row: a column constraint', async () => {
    await server.database.query('ALTER TABLE "Product" ADD CONSTRAINT positive CHECK (stock >= 0)');
    const lines = Array.from({ length: 100 }, (_, i) => `S${i},Lamp,1,${i === 17 || i === 70 ? -1 : i}`);
    const answer = await importCsv(server, `sku,name,price,stock\n${lines.join('\n')}`, { onError: 'skip' });
    await server.database.query('ALTER TABLE "Product" DROP CONSTRAINT positive');
    expect(answer).toMatchObject({ imported: 98, failed: 2 });
    expect(columns(answer.errors)).toEqual([
      [19, 'stock', 'RULE_BROKEN'],
      [72, 'stock', 'RULE_BROKEN'],
    ]);
    expect(JSON.stringify(answer)).not.toContain('positive');
  });

  test('reports the row: a value too long for an index', async () => {
    const long = Array.from({ length: 40_000 }, (_, i) => ((i * 7919) % 65_537).toString(36)).join('');
    const answer = await importCsv(server, `sku,name,price\nA,Lamp,1\nB,${long},1\n`);
    expect(answer).toMatchObject({ status: 422, failed: 1, errors: [{ row: 3, code: 'TOO_LONG' }] });
  });
});

describe('modes', () => {
  test('insert refuses rows that exist', async () => {
    await importCsv(server, 'sku,name,price\nA,Old,1\n');
    const answer = await importCsv(server, 'sku,name,price\nA,New,1\nB,New,1\n', {
      mode: 'insert',
      onError: 'skip',
    });
    expect(answer).toMatchObject({ inserted: 1, updated: 0, failed: 1 });
    expect(columns(answer.errors)).toEqual([[2, 'sku', 'ALREADY_EXISTS']]);
    expect(await rowsOf(server, `SELECT name FROM "Product" WHERE sku = 'A'`)).toEqual([{ name: 'Old' }]);
  });

  test('update refuses rows that do not exist, and needs no columns but those to be changed', async () => {
    await importCsv(server, 'sku,name,price\nA,Lamp,1\n');
    const answer = await importCsv(server, 'sku,price\nA,2\nB,3\n', { mode: 'update', onError: 'skip' });
    expect(answer).toMatchObject({ inserted: 0, updated: 1, failed: 1 });
    expect(columns(answer.errors)).toEqual([[3, 'sku', 'NOT_FOUND']]);
    expect(await rowsOf(server, 'SELECT name, price FROM "Product"')).toEqual([{ name: 'Lamp', price: 2 }]);
    expect(await importCsv(server, 'sku,price\nB,3\n', { mode: 'update' })).toMatchObject({
      status: 422,
      imported: 0,
    });
  });

  test('update finds rows by the primary key where the natural key is not given', async () => {
    await importCsv(server, 'sku,name,price\nA,Lamp,1\n');
    expect(await importCsv(server, 'id,price\n1,2\n', { mode: 'update' })).toMatchObject({ updated: 1 });
  });

  test('insert takes rows that have no natural key', async () => {
    await importCsv(server, 'sku,name,price\nA,Lamp,1\n');
    await importCsv(server, 'number,name,email,country\n1,Ada,a@example.com,AT\n', { entity: 'customers' });
    await importCsv(server, 'number,customerId,total,status\n1,1,2,paid\n', { entity: 'orders' });
    const items = 'orderId,productId,quantity,price\n1,1,1,1\n1,1,1,1\n';
    expect(await importCsv(server, items, { entity: 'orderItems', mode: 'insert' })).toMatchObject({
      inserted: 2,
    });
    expect((await importCsv(server, items, { entity: 'orderItems' })).error).toMatchObject({
      code: 'MALFORMED_REQUEST',
      hint: 'Send mode=insert for new rows, or mode=update with id.',
    });
  });
});

describe('permission', () => {
  const file = 'sku,name,price\nA,Lamp,1\n';

  test('answers 401 without a credential', async () => {
    const body = new FormData();
    expect(await send(server, { method: 'POST', body })).toMatchObject({
      status: 401,
      error: { code: 'UNAUTHENTICATED' },
    });
  });

  test.each([[['read']], [['customers:write']], [['products.cost:write']], [['admin', 'read']]])(
    'refuses %j',
    async scopes => {
      const answer = await importCsv(server, file, { key: await server.createKey(...scopes) });
      expect(answer).toMatchObject({ status: 403, ...nothing, error: { code: 'SCOPE_MISSING' } });
      expect(await rowsOf(server, 'SELECT 1 FROM "Product"')).toEqual([]);
    },
  );

  test.each(['write', 'products:write'])('takes %s', async scope => {
    expect(await importCsv(server, file, { key: await server.createKey(scope) })).toMatchObject({
      imported: 1,
    });
  });

  test('wants exactly the scope of a restricted column', async () => {
    const costs = 'sku,name,price,cost\nA,Lamp,1,0.5\n';
    const refused = await importCsv(server, costs, {
      key: await server.createKey('write', 'products.cost:read'),
    });
    expect(refused).toMatchObject({
      status: 403,
      error: { code: 'SCOPE_MISSING', target: 'products.cost:write' },
    });
    const key = await server.createKey('products:write', 'products.cost:write');
    expect(await importCsv(server, costs, { key })).toMatchObject({ status: 200, imported: 1 });
  });

  test('does not propose the name of a field that may not be written', async () => {
    const key = await server.createKey('write');
    const answer = await importCsv(server, 'sku,name,price,costt\nA,Lamp,1,1\n', { key });
    expect(answer.error?.code).toBe('UNKNOWN_FIELD');
    expect(answer.error?.hint ?? '').not.toContain('cost');
  });
});
