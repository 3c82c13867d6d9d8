// What a caller may know of the catalog: OData, GraphQL and /api/me say the same, and it is what reading permits.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { Fault } from '../../src/base/errors.ts';
import type { Principal } from '../../src/base/principal.ts';
import type { Entity, Field } from '../../src/catalog/catalog.ts';
import type { Selection } from '../../src/query/ask/entity-query.ts';
import { literal } from '../../src/query/ask/expression.ts';
import { writableColumns } from '../../src/query/change/check/writable.ts';
import { principalWith } from '../graphql/both-paths.ts';
import { serverForFile } from '../harness.ts';
import { catalogThrough, type View } from './visible-catalog.ts';

let entities: Entity[];
const server = serverForFile();
beforeAll(async () => {
  entities = [...server.catalog.entities.values()];
});

/** Few callers hold a scope for every set, or most random ones would. */
const someScopes = () => {
  const { scopes, sets } = server.catalog;
  const wide = ['read', 'write', 'admin'];
  const ofSets = scopes.filter(scope => sets.has(scope.split(':')[0]!));
  const ofGroups = scopes.filter(scope => !wide.includes(scope) && !ofSets.includes(scope));
  return fc
    .tuple(
      fc.subarray(ofSets),
      fc.subarray(ofGroups),
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.subarray(wide) }),
    )
    .map(parts => parts.flat())
    .filter(scopes => scopes.length > 0);
};

test('every API shows the sets and fields that may be read, for any scopes', async () => {
  const check = async (scopes: string[]) => {
    const views = await catalogThrough(server, scopes);
    const permitted = readable(principalWith(...scopes));
    expect(views.odata.fields).toEqual(permitted);
    expect(views.graphql.fields).toEqual(permitted);
    expect(views.me.fields).toEqual(permitted);
    expect(views.odata.enums).toEqual(enumsOf(permitted));
    expect(views.graphql.enums).toEqual(enumsOf(permitted));
    expect(views.graphql.searched).toEqual(views.odata.searched);
  };
  await fc.assert(fc.asyncProperty(someScopes(), check), {
    numRuns: 20,
    examples: [[['read']], [['admin']]],
  });
});

test('every API shows the sets and columns that may be written, for any scopes', async () => {
  const check = async (scopes: string[]) => {
    const views = await catalogThrough(server, scopes);
    const principal = principalWith(...scopes);
    const shown = entities.filter(({ name }) => Object.hasOwn(views.me.fields, name));
    const written = shown.filter(entity => mayDelete(principal, entity)).map(({ name }) => name);
    expect(views.odata.written).toEqual(written);
    expect(views.graphql.written).toEqual(written);
    expect(views.me.written).toEqual(written);
    const updatable = Object.fromEntries(
      written.map(name => [name, settable(principal, server.catalog.entities.get(name)!, views.me)]),
    );
    expect(views.graphql.updatable).toEqual(updatable);
  };
  const examples: [string[]][] = [[['read', 'write']], [['products:write']]];
  await fc.assert(fc.asyncProperty(someScopes(), check), { numRuns: 10, examples });
});

/** @returns the fields that the query engine lets this caller select, by entity */
function readable(principal: Principal): View['fields'] {
  const mayCount = entities.filter(entity =>
    mayRead(principal, entity, { kind: 'constant', as: 'x', value: '' }),
  );
  const fieldsOf = (entity: Entity) =>
    [...entity.fields.values()]
      .filter(field => mayRead(principal, entity, toSelection(field)))
      .map(({ name }) => name)
      .sort();
  return Object.fromEntries(mayCount.map(entity => [entity.name, fieldsOf(entity)]));
}

const toSelection = (field: Field): Selection =>
  field.kind === 'relation'
    ? {
        kind: 'relation',
        relation: field.name,
        as: field.name,
        query: {
          entity: field.target,
          select: [{ kind: 'constant', as: 'x', value: '' }],
          cardinality: field.list ? 'many' : 'one',
        },
      }
    : { kind: 'field', field: field.name, as: field.name };

const mayRead = (principal: Principal, entity: Entity, selection: Selection): boolean =>
  isPermitted(() =>
    server.engine.prepare(
      { entity: entity.name, select: [selection], cardinality: 'many' },
      principal,
      'strings',
    ),
  );

const mayDelete = (principal: Principal, entity: Entity): boolean =>
  isPermitted(() =>
    server.engine.prepareChange(
      { change: { kind: 'delete', entity: entity.name, target: { kind: 'key', key: keyOf(entity) } } },
      principal,
      'strings',
    ),
  );

/** @returns the columns that an update may set, of those that the caller can see */
const settable = (principal: Principal, entity: Entity, { fields }: View): string[] =>
  writableColumns(entity, 'update')
    .map(({ name }) => name)
    .filter(name => fields[entity.name]!.includes(name))
    .filter(name =>
      isPermitted(() =>
        server.engine.prepareChange(
          {
            change: {
              kind: 'update',
              entity: entity.name,
              target: { kind: 'key', key: keyOf(entity) },
              data: { path: '', values: [{ field: name, literal: literal(null) }] },
            },
          },
          principal,
          'strings',
        ),
      ),
    )
    .sort();

const keyOf = ({ key }: Entity) => ({
  path: '',
  values: key.map(field => ({ field, literal: literal(1) })),
});

/** Permission is decided on before values are. */
function isPermitted(prepare: () => unknown): boolean {
  try {
    prepare();
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code !== 'SCOPE_MISSING';
  }
}

const enumsOf = (fields: View['fields']): string[] => {
  const names = entities.flatMap(entity =>
    (fields[entity.name] ?? []).flatMap(name => {
      const field = entity.fields.get(name)!;
      return field.kind === 'relation' || !field.type.enum ? [] : [field.type.enum.name];
    }),
  );
  return [...new Set(names)].sort();
};
