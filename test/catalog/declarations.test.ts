import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import shop from '../../portolan.config.ts';
import { entities } from '../../schema/index.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import type { Datamodel } from '../../src/catalog/datamodel.ts';
import type { EntityDeclaration } from '../../src/catalog/declare.ts';
import { unlistedFiles } from '../../src/catalog/unlisted-files.ts';
import { catalogOf } from '../../src/project.ts';

const kitchen: Datamodel = JSON.parse(
  readFileSync(join(import.meta.dirname, '../query/kitchen/datamodel.json'), 'utf8'),
);
const sql = (needs: string[], reads = needs[0]!) => ({
  ...{ kind: 'sql', type: 'Int', needs },
  sql: (column: (name: string) => string) => `${column(reads)} + 1`,
});

/** @returns the faults of one declaration of Thing, or of the model that it names */
function faultsOf(...declarations: object[]): string[] {
  const whole = declarations.map(one => ({ model: 'Thing', set: 'things', ...one }));
  try {
    createCatalog(kitchen, whole as unknown as EntityDeclaration[]);
    return [];
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    expect(code).toBe('CONFLICT');
    return message.split('\n  ').slice(1);
  }
}

const noSuch = (place: string, name: string, near: string) =>
  `Thing.${place}: The model Thing has no field "${name}". Did you mean "${near}"?`;

describe('a declaration', () => {
  test.each<[string, object, string | RegExp]>([
    [
      'a misspelt restricted field',
      { restricted: { monney: 'things.money' } },
      noSuch('restricted.monney', 'monney', 'money'),
    ],
    ['a misspelt hidden field', { hidden: ['hiden'] }, noSuch('hidden', 'hiden', 'hidden')],
    ['a misspelt field of the natural key', { naturalKey: ['cod'] }, noSuch('naturalKey', 'cod', 'code')],
    ['a misspelt field to search', { search: ['texxt'] }, noSuch('search', 'texxt', 'text')],
    [
      'a misspelt need',
      { computed: { more: sql(['inf'], 'inf') } },
      noSuch('computed.more.needs', 'inf', 'int'),
    ],
    [
      'a misspelt need of the row filter',
      { rowFilter: { ...filter(['flagg']) } },
      noSuch('rowFilter.needs', 'flagg', 'flag'),
    ],
    [
      'a misspelt member',
      { naturalkey: ['id'] },
      'Thing.naturalkey: A declaration has no member with this name. Did you mean "naturalKey"?',
    ],
    [
      'a misspelt model',
      { model: 'Thingg' },
      'Thingg.model: The Prisma schema has no model with this name. Did you mean "Thing"?',
    ],
    [
      'a natural key that is not unique',
      { naturalKey: ['code'] },
      /^Thing\.naturalKey: code is not unique .* or use a unique key: id\.$/,
    ],
    [
      'a natural key that names nothing',
      { naturalKey: [] },
      'Thing.naturalKey: It must name at least one field.',
    ],
    [
      'a natural key that is hidden',
      { naturalKey: ['code'], hidden: ['code'] },
      'Thing.naturalKey: "code" is hidden.',
    ],
    ['a hidden primary key', { hidden: ['id'] }, /"id" belongs to the primary key/],
    ['a number to search', { search: ['int'] }, /"int" is not a text column/],
    ['a UUID to search', { search: ['uuid'] }, /"uuid" is not a text column/],
    ['a list to search', { search: ['texts'] }, /"texts" is not a text column/],
    [
      'a scope without its set',
      { restricted: { money: 'money' } },
      'Thing.restricted.money: "money" is not a valid group of things. Use a name such as "things.secret".',
    ],
    [
      'a scope of another set',
      { restricted: { money: 'rooms.money' } },
      'Thing.restricted.money: "rooms.money" is not a valid group of things. Use a name such as "things.money".',
    ],
    ['a scope with a way', { restricted: { money: 'things.money:read' } }, /is not a valid group of things/],
    ['a scope that is no text', { restricted: { money: true } }, /true is not a valid group of things/],
    [
      'a computed field restricted from outside',
      { computed: { more: sql(['int']) }, restricted: { more: 'things.more' } },
      /^Thing\.restricted\.more: The field is computed\. Set "restricted" in/,
    ],
    [
      'a computed field with a bad scope',
      { computed: { more: { ...sql(['int']), restricted: 'x' } } },
      /^Thing\.computed\.more: "x" is not a valid group/,
    ],
    [
      'a computed field of a taken name',
      { computed: { int: sql(['int']) } },
      'Thing.computed.int: The model Thing already has a field with this name.',
    ],
    [
      'a computed field of no type',
      { computed: { more: { ...sql(['int']), type: 'Integer' } } },
      /There is no type "Integer"/,
    ],
    [
      'a computed field of a misspelt type',
      { computed: { more: { ...sql(['int']), type: 'Decimel' } } },
      /Did you mean "Decimal"\?$/,
    ],
    [
      'a computed field with a misspelt member',
      { computed: { more: { ...sql(['int']), nulable: false } } },
      'Thing.computed.more: There is no member "nulable". Did you mean "nullable"?',
    ],
    [
      'a computed field that reads what it does not need',
      { computed: { more: sql(['int'], 'small') } },
      'Thing.computed.more: Its SQL reads "small", which is not in "needs".',
    ],
    [
      'a computed field that needs a hidden column',
      { hidden: ['int'], computed: { more: sql(['int']) } },
      'Thing.computed.more.needs: "int" is hidden.',
    ],
    [
      'a computed field without a function',
      { computed: { more: { kind: 'function', type: 'Int', needs: ['int'] } } },
      /function "compute" is missing/,
    ],
    ['a set that is no name', { set: 'my things' }, /^Thing\.set: The name must have/],
  ])('with %s is refused by name', (_, declaration, fault) => {
    const found = faultsOf(declaration);
    expect(found).toHaveLength(1);
    if (typeof fault === 'string') expect(found).toEqual([fault]);
    else expect(found[0]).toMatch(fault);
  });

  test('needs columns, not relations', () => {
    expect(faultsOf({ model: 'Visit', set: 'visits', computed: { more: sql(['person']) } })).toEqual([
      'Visit.computed.more.needs: "person" is not a column.',
    ]);
  });

  test('cannot share a name with another', () => {
    expect(faultsOf({}, { model: 'Room', set: 'things' })).toEqual([
      'Room.set: "things" is already used by Thing.',
    ]);
    expect(faultsOf({}, { model: 'Room', set: 'thing' })).toEqual([
      'Room.set: "thing" is already used by Thing.',
    ]);
    expect(faultsOf({}, { set: 'others', single: 'other' })).toEqual(['Thing: The model is declared twice.']);
  });

  test('reports all its faults together with those of the others', () => {
    const found = faultsOf(
      { restricted: { monney: 'things.money' }, hidden: ['hiden'] },
      { model: 'Room', set: 'rooms', naturalKey: ['title'] },
    );
    expect(found.map(fault => fault.split(':')[0])).toEqual([
      'Thing.hidden',
      'Thing.restricted.monney',
      'Room.naturalKey',
    ]);
  });

  test('is valid in this project', () => {
    expect(() => catalogOf(shop)).not.toThrow();
  });
});

function filter(needs: string[]) {
  return { needs, sql: (column: (name: string) => string) => column(needs[0]!) };
}

describe('the folder schema', () => {
  let project: string;
  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'portolan-schema-'));
    const root = join(import.meta.dirname, '../..');
    for (const name of ['src', 'schema', 'prisma', 'package.json', 'codegen.ts', 'portolan.config.ts'])
      cpSync(join(root, name), join(project, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    writeFileSync(
      join(project, 'schema/brand.ts'),
      `export const brand = { model: 'Brand', set: 'brands' };\n`,
    );
    writeFileSync(join(project, 'schema/forgotten.ts'), 'const nothing = 1;\n');
    const customer = join(project, 'schema/customer.ts');
    writeFileSync(customer, readFileSync(customer, 'utf8').replace('{ email:', '{ emial:'));
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test('lists all its files in this project', async () => {
    expect(await unlistedFiles(join(import.meta.dirname, '../../schema'), entities)).toEqual([]);
  });

  const command = (args: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, DATA_DIR: join(project, 'data'), PORT: '0', HOST: '127.0.0.1' },
    });
  const faults = [
    'Customer.restricted.emial: The model Customer has no field "emial". Did you mean "email"?',
    'schema/brand.ts: It declares Brand, which is not in the list "entities" of schema/index.ts.',
    'schema/forgotten.ts: The file is not imported.',
  ];

  test.each([
    ['the start', ['src/main.ts']],
    ['the migrations', ['src/cli/portolan.ts', 'migrate']],
    ['the printed contracts', ['codegen.ts']],
  ])('with faults stops %s before anything is made', (_, args) => {
    const { status, stderr } = command(args);
    for (const fault of faults) expect(stderr).toContain(fault);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
    expect(existsSync(join(project, 'data/database'))).toBe(false);
  });
});
