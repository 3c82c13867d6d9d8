import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { hasPhp, type ProgramName, runProgram } from './programs.ts';

let server: TestServer;
let listening: Server;
let url: string;

beforeAll(async () => {
  server = await startServer({ demo: true });
  listening = createServer(server.app.listener).listen(0, '127.0.0.1');
  await new Promise(resolve => listening.once('listening', resolve));
  url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
});

afterAll(async () => {
  listening?.closeAllConnections();
  listening?.close();
  await server?.close();
});

interface NamedPrice {
  readonly name: string;
  readonly price: number;
}

async function productsFromDatabase(rest: string): Promise<NamedPrice[]> {
  const { rows } = await server.database.query(`SELECT name, price FROM "Product" ${rest}`);
  return rows.map(([name, price]) => ({ name: name!, price: Number(price) }));
}

const languages = ['ts', 'php'] as const;
const php = hasPhp();
const titles = {
  ts: 'TypeScript',
  php: php ? 'PHP' : 'PHP (php-cli and php-curl are not installed: skipped)',
};

for (const language of languages) {
  const run = async (door: 'query' | 'odata' | 'import', key: string, csv?: string, mapperId?: string) =>
    runProgram(`${door}.${language}` satisfies ProgramName, { url, key, csv, mapperId });

  describe.skipIf(language === 'php' && !php)(`the API key programs in ${titles[language]}`, () => {
    test('the Query API program prints a list cut at the default, a product a line', async () => {
      const products = await productsFromDatabase('ORDER BY id LIMIT 1000');
      const { code, stdout, stderr } = await run('query', await server.createKey('read'));
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split('\n')).toEqual([
        'Found 1000 products',
        ...products.map(({ name, price }) => `${name}: ${price}`),
      ]);
      expect(code).toBe(0);
    });

    test('the OData program prints the first hundred products in stock, by name', async () => {
      const products = await productsFromDatabase('WHERE stock > 0 ORDER BY name, id LIMIT 100');
      const { code, stdout, stderr } = await run('odata', await server.createKey('products:read'));
      expect(stderr).toBe('');
      expect(stdout).toMatch(language === 'ts' ? /^In-stock products: \[/ : /^In-stock products: 100\n/);
      expect(namesPrinted(stdout)).toEqual(products.map(({ name }) => name));
      expect(code).toBe(0);
    });

    test('the Import program brings a file in', async () => {
      const csv = `sku,name,price,stock\nNEW-${language},"Löffel, groß",4.90,12\nNEW2-${language},Gabel,3.50,0\n`;
      const { code, stdout, stderr } = await run('import', await server.createKey('read', 'write'), csv);
      expect(stderr).toBe('');
      expect(stdout).toBe('Import completed: 2 imported\n');
      expect(code).toBe(0);
      expect(await productsFromDatabase(`WHERE sku LIKE 'NEW%-${language}' ORDER BY price DESC`)).toEqual([
        { name: 'Löffel, groß', price: 4.9 },
        { name: 'Gabel', price: 3.5 },
      ]);
    });

    test('the Import program brings a file in through the mapper that it names, unchanged', async () => {
      const json = {
        ...{ mapper: 1, name: `Program in ${language}`, entity: 'products' },
        columns: [
          { field: 'sku', source: 'Nr' },
          { field: 'name', source: 'Artikel', transforms: [{ op: 'collapse' }] },
          { field: 'price', source: 'Preis', transforms: [{ op: 'currency', decimal: ',' }] },
        ],
      };
      const saved = await server.fetch('/api/mappers', { key: server.adminKey, json });
      const { id } = (await saved.json()) as { id: string };
      const csv = `Nr;Artikel;Preis\nMAP-${language};Großer  Löffel;4,90 €\n`;
      const { code, stdout, stderr } = await run('import', await server.createKey('read', 'write'), csv, id);
      expect(stderr).toBe('');
      expect(stdout).toBe('Import completed: 1 imported\n');
      expect(code).toBe(0);
      expect(await productsFromDatabase(`WHERE sku = 'MAP-${language}'`)).toEqual([
        { name: 'Großer Löffel', price: 4.9 },
      ]);
    });

    test.each([
      ['query', 'API Error: 401'],
      ['odata', 'OData Error: 401'],
      ['import', 'Import Error: 401'],
    ] as const)('the %s program is told of a wrong key in the way that it expects', async (door, message) => {
      const { stdout, stderr } = await run(door, 'not-a-key', 'sku,name,price\nX,X,1\n');
      expect(stdout + stderr).toContain(message);
    });
  });
}

/** @returns the names in what `console.log` or `print_r` makes of a list of products */
function namesPrinted(output: string): string[] {
  const quoted = /\bname: (['"`])(.*?)\1,\s+price: /g;
  const bare = /^\s+\[name\] => (.*)$/gm;
  const fromTypeScript = [...output.matchAll(quoted)].map(([, , name]) => name!.replaceAll(/\\(.)/g, '$1'));
  return fromTypeScript.length > 0 ? fromTypeScript : [...output.matchAll(bare)].map(([, name]) => name!);
}
