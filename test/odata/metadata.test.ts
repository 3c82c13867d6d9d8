import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';
import { type Element, elements, readXml } from './read-xml.ts';

const server = serverForFile();

const read = async (get: Get): Promise<Element> => {
  const reply = await get('/$metadata');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/xml');
  expect(reply.headers.get('odata-version')).toBe('4.0');
  return readXml(reply.text);
};
const names = (found: readonly Element[]) => found.map(element => element.attributes.Name);
const named = (root: Element, kind: string, name: string): Element =>
  elements(root, kind).find(element => element.attributes.Name === name)!;

/** What CSDL 4.0 lets stand where: attributes, then children. */
const grammar: Readonly<Record<string, readonly [attributes: string, children: string]>> = {
  'edmx:Edmx': ['xmlns:edmx Version', 'edmx:Reference edmx:DataServices'],
  'edmx:Reference': ['Uri', 'edmx:Include'],
  'edmx:Include': ['Namespace Alias', ''],
  'edmx:DataServices': ['', 'Schema'],
  Schema: ['xmlns Namespace', 'EntityType EnumType ComplexType EntityContainer'],
  EntityType: ['Name', 'Key Property NavigationProperty Annotation'],
  Key: ['', 'PropertyRef'],
  PropertyRef: ['Name', ''],
  Property: ['Name Type Nullable MaxLength Precision Scale', 'Annotation'],
  NavigationProperty: ['Name Type Nullable Partner', 'ReferentialConstraint Annotation'],
  ReferentialConstraint: ['Property ReferencedProperty', ''],
  EnumType: ['Name', 'Member Annotation'],
  Member: ['Name Value', ''],
  ComplexType: ['Name OpenType', ''],
  EntityContainer: ['Name', 'EntitySet Annotation'],
  EntitySet: ['Name EntityType', 'NavigationPropertyBinding Annotation'],
  NavigationPropertyBinding: ['Path Target', ''],
  Annotation: ['Term Qualifier String Bool', 'Collection Record'],
  Collection: ['', 'String PropertyPath Record'],
  Record: ['', 'PropertyValue'],
  PropertyValue: ['Property String Bool PropertyPath', 'Collection Record'],
  String: ['', ''],
  PropertyPath: ['', ''],
};

const facetsOf: Readonly<Record<string, string>> = {
  'Edm.String': 'MaxLength',
  'Edm.Binary': 'MaxLength',
  'Edm.Decimal': 'Precision Scale',
  'Edm.DateTimeOffset': 'Precision',
  'Edm.TimeOfDay': 'Precision',
};

const primitives = new Set(
  'String Boolean Int32 Int64 Double Decimal DateTimeOffset Date TimeOfDay Guid Binary'
    .split(' ')
    .map(name => `Edm.${name}`),
);

/** Holds a document against the rules that clients are strict about. */
function checkDocument(root: Element): void {
  checkGrammar(root);
  const types = new Map(elements(root, 'EntityType').map(type => [`Portolan.${type.attributes.Name}`, type]));
  const declared = new Set([
    ...types.keys(),
    ...names([...elements(root, 'EnumType'), ...elements(root, 'ComplexType')]).map(
      name => `Portolan.${name}`,
    ),
  ]);
  for (const property of elements(root, 'Property')) checkProperty(property, declared);
  for (const type of types.values()) checkType(type, types);
  for (const set of elements(root, 'EntitySet')) checkSet(root, set, types);
  expect(declared.size).toBe(
    elements(root, 'EntityType').length +
      elements(root, 'EnumType').length +
      elements(root, 'ComplexType').length,
  );
}

function checkGrammar({ name, attributes, children }: Element): void {
  const [allowed, inner] = grammar[name] ?? [];
  expect(allowed, name).toBeDefined();
  for (const attribute of Object.keys(attributes)) expect(allowed!.split(' '), name).toContain(attribute);
  for (const child of children) {
    expect(inner!.split(' '), name).toContain(child.name);
    checkGrammar(child);
  }
}

const element = (type: string) => type.replace(/^Collection\((.*)\)$/, '$1');

function checkProperty({ attributes }: Element, declared: ReadonlySet<string>): void {
  const { Name, Type, ...others } = attributes;
  expect(primitives.has(element(Type!)) || declared.has(element(Type!)), `${Name}: ${Type}`).toBe(true);
  for (const facet of ['MaxLength', 'Precision', 'Scale']) {
    if (facet in others) expect(facetsOf[element(Type!)]?.split(' '), `${Name} ${facet}`).toContain(facet);
  }
  if (Type === 'Edm.Decimal') expect(others).toMatchObject({ Scale: expect.any(String) });
}

function checkType(type: Element, types: ReadonlyMap<string, Element>): void {
  const own = names([...elements(type, 'Property'), ...elements(type, 'NavigationProperty')]);
  expect(new Set(own).size).toBe(own.length);
  const keys = elements(type, 'PropertyRef').map(ref => ref.attributes.Name!);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(named(type, 'Property', key).attributes.Nullable).toBe('false');
  for (const relation of elements(type, 'NavigationProperty')) checkRelation(type, relation, types);
}

function checkRelation(type: Element, relation: Element, types: ReadonlyMap<string, Element>): void {
  const { Type = '', Partner, Name, Nullable } = relation.attributes;
  const target = types.get(element(Type))!;
  expect(target, `${Name}: ${Type}`).toBeDefined();
  if (Type.startsWith('Collection(')) expect(Nullable).toBeUndefined();
  if (Partner) {
    const back = named(target, 'NavigationProperty', Partner);
    expect(element(back.attributes.Type!)).toBe(`Portolan.${type.attributes.Name}`);
    expect(back.attributes.Partner).toBe(Name);
  }
  for (const { attributes } of elements(relation, 'ReferentialConstraint')) {
    const here = named(type, 'Property', attributes.Property!);
    const there = named(target, 'Property', attributes.ReferencedProperty!);
    expect(here.attributes.Type).toBe(there.attributes.Type);
    expect(here.attributes.Nullable).toBe(Nullable);
  }
}

function checkSet(root: Element, set: Element, types: ReadonlyMap<string, Element>): void {
  const type = types.get(set.attributes.EntityType!)!;
  for (const { attributes } of elements(set, 'NavigationPropertyBinding')) {
    const relation = named(type, 'NavigationProperty', attributes.Path!);
    const target = named(root, 'EntitySet', attributes.Target!);
    expect(element(relation.attributes.Type!)).toBe(target.attributes.EntityType);
  }
}

describe('$metadata', () => {
  test('is valid, and every reference in it leads somewhere', async () => {
    checkDocument(await read(client(server)));
  });

  test('says of every field what it is', async () => {
    const root = await read(client(server));
    const product = named(root, 'EntityType', 'Product');
    const attributes = (name: string) => named(product, 'Property', name).attributes;
    expect(attributes('id')).toEqual({ Name: 'id', Type: 'Edm.Int32', Nullable: 'false' });
    expect(attributes('sku')).toEqual({
      Name: 'sku',
      Type: 'Edm.String',
      Nullable: 'false',
      MaxLength: '64',
    });
    expect(attributes('price')).toEqual({
      Name: 'price',
      Type: 'Edm.Decimal',
      Nullable: 'false',
      Precision: '12',
      Scale: '2',
    });
    expect(attributes('cost')).toEqual({ Name: 'cost', Type: 'Edm.Decimal', Precision: '12', Scale: '4' });
    expect(attributes('tags')).toEqual({ Name: 'tags', Type: 'Collection(Edm.String)', Nullable: 'false' });
    expect(attributes('attributes')).toEqual({ Name: 'attributes', Type: 'Portolan.Json' });
    expect(attributes('weight')).toEqual({ Name: 'weight', Type: 'Edm.Double' });
    expect(attributes('createdAt')).toEqual({
      Name: 'createdAt',
      Type: 'Edm.DateTimeOffset',
      Nullable: 'false',
      Precision: '3',
    });
    expect(attributes('label')).toMatchObject({ Type: 'Edm.String' });
    const order = named(root, 'EntityType', 'Order');
    expect(named(order, 'Property', 'status').attributes.Type).toBe('Portolan.OrderStatus');
    expect(named(order, 'Property', 'dueOn').attributes).toEqual({ Name: 'dueOn', Type: 'Edm.Date' });
    const level = named(root, 'EntityType', 'StockLevel');
    expect(elements(level, 'PropertyRef').map(ref => ref.attributes.Name)).toEqual([
      'warehouseId',
      'productId',
    ]);
    expect(named(level, 'Property', 'movements').attributes.Type).toBe('Edm.Int64');
    expect(names(elements(named(root, 'EnumType', 'Season'), 'Member'))).toEqual([
      'SPRING',
      'SUMMER',
      'AUTUMN',
      'WINTER',
    ]);
  });

  test('ties related entities together by their keys', async () => {
    const root = await read(client(server));
    const category = named(named(root, 'EntityType', 'Product'), 'NavigationProperty', 'category');
    expect(category.attributes).toEqual({ Name: 'category', Type: 'Portolan.Category', Partner: 'products' });
    expect(category.children[0]!.attributes).toEqual({ Property: 'categoryId', ReferencedProperty: 'id' });
    const product = named(named(root, 'EntityType', 'OrderItem'), 'NavigationProperty', 'product');
    expect(product.attributes.Nullable).toBe('false');
    const sheet = named(named(root, 'EntityType', 'Product'), 'NavigationProperty', 'sheet');
    expect(sheet.children).toEqual([]);
    expect(elements(root, 'ReferentialConstraint').length).toBeGreaterThan(7);
  });
});

describe('for a caller with few scopes', () => {
  test('leaves out sets, and relations to them', async () => {
    const get = client(server, await server.createKey('products:read', 'categories:read'));
    const root = await read(get);
    checkDocument(root);
    expect(names(elements(root, 'EntityType'))).toEqual(['Category', 'Product']);
    expect(names(elements(named(root, 'EntityType', 'Product'), 'NavigationProperty'))).toEqual(['category']);
    expect(elements(root, 'EnumType')).toEqual([]);
    expect((await get('/')).body.value.map((set: { name: string }) => set.name)).toEqual([
      'categories',
      'products',
    ]);
  });

  test('leaves out restricted fields, and what is computed from them', async () => {
    const root = await read(client(server, await server.createKey('read')));
    checkDocument(root);
    expect(names(elements(named(root, 'EntityType', 'Product'), 'Property'))).not.toContain('cost');
    expect(names(elements(named(root, 'EntityType', 'Product'), 'Property'))).not.toContain('margin');
    expect(names(elements(named(root, 'EntityType', 'Customer'), 'Property'))).not.toContain('email');
    const more = await read(client(server, await server.createKey('read', 'products.cost:read')));
    expect(names(elements(named(more, 'EntityType', 'Product'), 'Property'))).toEqual(
      expect.arrayContaining(['cost', 'margin']),
    );
  });

  test('is empty, and valid, where nothing may be read', async () => {
    const get = client(server, await server.createKey('admin'));
    const root = await read(get);
    checkDocument(root);
    expect(elements(root, 'EntityType')).toEqual([]);
    expect((await get('/')).body.value).toEqual([]);
  });
});

describe('the service document', () => {
  test('lists the sets, with and without the slash', async () => {
    const get = client(server);
    const expected = {
      '@odata.context': 'http://localhost:3000/odata/$metadata',
      value: expect.arrayContaining([{ name: 'products', kind: 'EntitySet', url: 'products' }]),
    };
    expect((await get('/')).body).toEqual(expected);
    expect((await get('')).body).toEqual(expected);
  });
});
