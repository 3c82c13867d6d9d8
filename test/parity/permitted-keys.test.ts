// Restricted keys, and sets of which every field is restricted: what each API shows of them.

import fc from 'fast-check';
import { introspectionFromSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import type { EntityDeclaration } from '../../src/catalog/declare.ts';
import { mayWriteOf } from '../../src/graphql/model/may-write.ts';
import { readableCatalog } from '../../src/graphql/model/readable-catalog.ts';
import { platform } from '../../src/graphql/platform/platform.ts';
import { buildSchema } from '../../src/graphql/schema/build-schema.ts';
import { csdlJson } from '../../src/odata/csdl/csdl-json.ts';
import { visibleModel } from '../../src/odata/model/visible-model.ts';
import { permittedCatalog } from '../../src/query/permitted/permitted-catalog.ts';
import { principalWith } from '../graphql/both-paths.ts';
import datamodel from '../query/kitchen/datamodel.json' with { type: 'json' };
import { fromIntrospection, fromMetadata } from './visible-catalog.ts';

type Restricted = Readonly<Record<string, Readonly<Record<string, string>>>>;

const search: Readonly<Record<string, readonly string[]>> = { Thing: ['text', 'code'], Room: ['title'] };

const sets: Readonly<Record<string, string>> = {
  Thing: 'things',
  Person: 'people',
  Room: 'rooms',
  Visit: 'visits',
};

const catalogWith = (restricted: Restricted): Catalog => {
  const declarations = Object.entries(sets).map(([model, set]) => ({
    model,
    set,
    restricted: restricted[model],
    search: search[model],
  }));
  return createCatalog(
    datamodel as unknown as Parameters<typeof createCatalog>[0],
    declarations as unknown as EntityDeclaration[],
  );
};

function seenIn(catalog: Catalog, scopes: readonly string[]) {
  const permitted = permittedCatalog(catalog, principalWith(...scopes));
  const schema = buildSchema(readableCatalog(permitted), platform, mayWriteOf(permitted));
  return {
    odata: fromMetadata(catalog, JSON.parse(csdlJson(visibleModel(permitted))).Portolan),
    // Invalid schemas have none.
    graphql: fromIntrospection(catalog, introspectionFromSchema(schema)),
    mutations: Object.keys(schema.getMutationType()?.getFields() ?? {}).filter(name => /Room/.test(name)),
  };
}

const rooms = { house: 'rooms.all', number: 'rooms.all', title: 'rooms.all', visits: 'rooms.all' };
const catalog = catalogWith({
  Person: { id: 'people.id' },
  Room: rooms,
  Visit: { roomHouse: 'visits.all' },
});
const seenBy = (...scopes: string[]) =>
  seenIn(catalog, ['people:read', 'rooms:read', 'visits:read', ...scopes]);

describe('a set whose key may not be read', () => {
  test('is left out by OData, with the relations to it, and shown by GraphQL', () => {
    const { odata, graphql } = seenBy('rooms.all:read', 'visits.all:read');
    expect(Object.keys(odata.fields)).toEqual(['Room', 'Visit']);
    expect(odata.fields.Visit).toEqual(['id', 'personId', 'room', 'roomHouse', 'roomNumber']);
    expect(Object.keys(graphql.fields)).toEqual(['Person', 'Room', 'Visit']);
    expect(graphql.fields.Person).toContain('name');
    expect(graphql.fields.Person).not.toContain('id');
    expect(graphql.fields.Visit).toEqual([...odata.fields.Visit!, 'person'].sort());
  });

  test('is shown alike with the scope of its key', () => {
    const { odata, graphql } = seenBy('people.id:read', 'rooms.all:read', 'visits.all:read');
    expect(graphql.fields).toEqual(odata.fields);
  });

  test('offers the mutations that need no key', () => {
    const { graphql } = seenBy('write', 'rooms.all:read', 'visits.all:read');
    expect(graphql.written).toEqual(['Person', 'Room', 'Visit']);
  });
});

describe('a set of which no column may be read', () => {
  test('is left out by both, with the relations to it, and leaves the rest as it is', () => {
    const { odata, graphql } = seenBy('people.id:read');
    expect(Object.keys(graphql.fields)).toEqual(['Person', 'Visit']);
    expect(graphql.fields.Visit).toEqual(['id', 'person', 'personId', 'roomNumber']);
    expect(graphql.fields).toEqual(odata.fields);
  });
});

describe('a set of which no column may be written', () => {
  test('offers deleting, which needs no column, and nothing that could not be filled in', () => {
    expect(seenBy('write', 'rooms.all:read', 'visits.all:read').mutations).toEqual([
      'deleteRoom',
      'deleteRooms',
    ]);
    const all = seenBy('write', 'rooms.all:read', 'visits.all:read', 'rooms.all:write').mutations;
    expect(all).toEqual(expect.arrayContaining(['createRoom', 'updateRoom', 'upsertRoom', 'deleteRoom']));
  });
});

describe('whatever is restricted, and whatever the scopes', () => {
  const open = catalogWith({});
  const fields = [...open.entities.values()].flatMap(({ name, fields }) =>
    [...fields.keys()].map(field => [name, field] as const),
  );
  const groups = ['one', 'another'];
  const restrictions = fc
    .array(fc.tuple(fc.constantFrom(...fields), fc.constantFrom(...groups)), { size: '+1' })
    .map(chosen =>
      toRestricted(
        chosen.map(([[entity, field], group]) => ({ entity, field, group: `${sets[entity]}.${group}` })),
      ),
    );
  const scopes = fc.subarray([
    ...open.scopes,
    ...Object.values(sets).flatMap(set =>
      groups.flatMap(group => [`${set}.${group}:read`, `${set}.${group}:write`]),
    ),
  ]);

  test('GraphQL has a valid schema, and shows what OData shows, besides the sets whose key may not be read', () => {
    fc.assert(
      fc.property(restrictions, scopes, (restricted, given) => {
        const { odata, graphql } = seenIn(catalogWith(restricted), given);
        const hasKey = (name: string) =>
          open.entities.get(name)!.key.every(key => graphql.fields[name]!.includes(key));
        const isShown = (entity: string, name: string) => {
          const field = open.entities.get(entity)!.fields.get(name)!;
          return field.kind !== 'relation' || hasKey(field.target);
        };
        const named = Object.entries(graphql.fields).filter(([name]) => hasKey(name));
        const expected = named.map(([entity, names]) => [
          entity,
          names.filter(name => isShown(entity, name)),
        ]);
        expect(odata.fields).toEqual(Object.fromEntries(expected));
        expect(odata.searched).toEqual(graphql.searched.filter(hasKey));
      }),
      { numRuns: 60 },
    );
  });
});

function toRestricted(list: readonly { entity: string; field: string; group: string }[]): Restricted {
  const restricted: Record<string, Record<string, string>> = {};
  for (const { entity, field, group } of list) {
    restricted[entity] ??= {};
    restricted[entity][field] = group;
  }
  return restricted;
}
