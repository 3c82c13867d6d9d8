// What one caller is shown of the catalog through each API, in one form.

import { getIntrospectionQuery, type IntrospectionObjectType, type IntrospectionQuery } from 'graphql';
import type { Catalog, Entity } from '../../src/catalog/catalog.ts';
import type { TestServer } from '../harness.ts';

export interface View {
  /** Names of fields in alphabetical order, by entity. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Names of the entities shown whose records can be written, in the catalog's order. */
  readonly written: readonly string[];
}

interface TypesView extends View {
  /** Names of the enums of the catalog, in alphabetical order. */
  readonly enums: readonly string[];
  /** Names of the entities that can be searched, in the catalog's order. */
  readonly searched: readonly string[];
}

interface GraphqlView extends TypesView {
  /** Columns that many records can be given, by entity. */
  readonly updatable: Readonly<Record<string, readonly string[]>>;
}

/** @returns what each API shows to a key with these scopes */
export async function catalogThrough(server: TestServer, scopes: readonly string[]) {
  const key = await server.createKey(...scopes);
  const { catalog } = server;
  const headers = { accept: 'application/json' };
  const metadata = await (await server.fetch('/odata/$metadata', { key, headers })).json();
  const json = { query: getIntrospectionQuery() };
  const { data } = await (await server.fetch('/graphql', { key, json })).json();
  const me = await (await server.fetch('/api/me', { key })).json();
  return {
    odata: fromMetadata(catalog, metadata.Portolan),
    graphql: fromIntrospection(catalog, data),
    me: fromMe(catalog, me),
  } satisfies { odata: TypesView; graphql: GraphqlView; me: View };
}

// biome-ignore lint/suspicious/noExplicitAny: CSDL JSON has members of many shapes
type Csdl = Record<string, any>;

export function fromMetadata(catalog: Catalog, schema: Csdl): TypesView {
  const { Container, ...types } = schema;
  const entities = [...catalog.entities.values()].filter(({ name }) => types[name]);
  const isWritten = ({ set }: Entity) => !Container[set]['@Capabilities.DeleteRestrictions'];
  return {
    fields: byEntity(entities, ({ name }) => Object.keys(types[name]).filter(one => !/[$@]/.test(one))),
    written: entities.filter(isWritten).map(({ name }) => name),
    searched: entities
      .filter(({ set }) => Container[set]['@Capabilities.SearchRestrictions']?.Searchable !== false)
      .map(({ name }) => name),
    enums: Object.keys(types)
      .filter(name => types[name].$Kind === 'EnumType')
      .sort(),
  };
}

export function fromIntrospection(catalog: Catalog, { __schema: schema }: IntrospectionQuery): GraphqlView {
  const namesIn = (type: string): string[] => {
    const found = schema.types.find(({ name }) => name === type);
    if (found?.kind === 'OBJECT') return found.fields.map(({ name }) => name);
    return found?.kind === 'INPUT_OBJECT' ? found.inputFields.map(({ name }) => name) : [];
  };
  const roots = namesIn(schema.queryType.name);
  const mutations = namesIn(schema.mutationType?.name ?? '');
  const shown = [...catalog.entities.values()].filter(({ set }) => roots.includes(set));
  const written = shown.filter(({ set }) => mutations.some(name => isDeleteMany(name, set)));
  const known = ({ name, fields }: Entity) => namesIn(name).filter(one => fields.has(one));
  const columns = ({ name, fields }: Entity) =>
    namesIn(`${name}UpdateMany`).filter(one => fields.get(one)?.kind === 'column');
  return {
    fields: byEntity(shown, known),
    written: written.map(({ name }) => name),
    searched: shown.filter(({ set }) => argumentsOf(schema, set).includes('search')).map(({ name }) => name),
    enums: schema.types
      .map(({ name }) => name)
      .filter(name => catalog.enums.has(name))
      .sort(),
    updatable: byEntity(written, columns),
  };
}

function argumentsOf({ types, queryType }: IntrospectionQuery['__schema'], root: string): string[] {
  const query = types.find(({ name }) => name === queryType.name) as IntrospectionObjectType;
  return query.fields.find(({ name }) => name === root)!.args.map(({ name }) => name);
}

const isDeleteMany = (mutation: string, set: string): boolean =>
  mutation.toLowerCase().replace(/many$/, '') === `delete${set}`.toLowerCase();

interface Me {
  readonly sets: readonly {
    readonly name: string;
    readonly read: boolean;
    readonly write: boolean;
    readonly restrictedFields: readonly { readonly name: string; readonly read: boolean }[];
  }[];
}

/** As a client puts it together: all fields, without those said to be restricted, and relations to sets that can be read. */
function fromMe(catalog: Catalog, { sets }: Me): View {
  const read = new Map(sets.filter(one => one.read).map(one => [one.name, one]));
  const shown = [...catalog.entities.values()].filter(({ set }) => read.has(set));
  const known = ({ set, fields }: Entity) => {
    const hidden = read.get(set)!.restrictedFields.filter(one => !one.read);
    return [...fields.values()]
      .filter(({ name }) => !hidden.some(one => one.name === name))
      .filter(field => field.kind !== 'relation' || read.has(catalog.entities.get(field.target)!.set))
      .map(({ name }) => name);
  };
  return {
    fields: byEntity(shown, known),
    written: shown.filter(({ set }) => read.get(set)!.write).map(({ name }) => name),
  };
}

const byEntity = (entities: readonly Entity[], names: (entity: Entity) => readonly string[]) =>
  Object.fromEntries(entities.map(entity => [entity.name, names(entity).toSorted()]));
