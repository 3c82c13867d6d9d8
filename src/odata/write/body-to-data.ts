// `{"name":"Lamp","category@odata.bind":"categories(1)","sheet":{"pages":2}}` -> the data of a change.

import { fault } from '../../base/errors.ts';
import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { ChangeData, ChangeKey, ChangeLink, ChangeValue } from '../../query/ask/entity-change.ts';
import { isWritable } from '../../query/change/check/writable.ts';
import { type ChangeFault, changeFault } from '../../query/change/refusal/fault.ts';
import { jsonToLiteral } from './json-to-literal.ts';
import { isRecord, type JsonObject } from './read-body.ts';
import { toReference } from './reference.ts';
import type { WriteRequest } from './write-request.ts';

type Mode = 'insert' | 'update';

/** @throws INVALID_VALUE for malformed links; the query engine checks the values */
export function bodyToData(
  write: WriteRequest,
  entity: Entity,
  body: JsonObject,
  { path, mode }: { readonly path: string; readonly mode: Mode },
): ChangeData {
  const values: ChangeValue[] = [];
  const links = new Map<string, ChangeLink>();
  const add = (link: ChangeLink | undefined) =>
    link && links.set(link.relation, merged(links.get(link.relation), link));
  for (const [member, value] of Object.entries(body)) {
    const { name, annotation } = split(member);
    const field = entity.fields.get(name);
    const inner = `${path}.${name}`;
    if (annotation === 'removed') throw refusal(inner, 'Removals in a body are not supported.', deeper);
    if (name === '' || name.startsWith('#')) continue;
    if (annotation === 'bind') {
      if (field?.kind !== 'relation') throw refusal(inner, 'Only relations can be bound.');
      add(boundLink(write, field, value, { path: inner, mode }));
    }
    if (annotation !== undefined) continue;
    if (field?.kind === 'relation') {
      add(nestedLink(write, field, value, { path: inner, mode }));
    } else if (isInput(entity, name, mode)) {
      const literal = jsonToLiteral(field?.type ?? textType, value);
      values.push({ field: name, literal });
    }
  }
  return { path, values, links: [...links.values()] };
}

const textType = { scalar: 'String', list: false, sqlType: 'text' } as const;

/** Annotations may have the prefix `odata.` or, as in 4.01, none (OData JSON Format 4.01, 4.5). */
function split(member: string): { name: string; annotation?: string } {
  const at = member.indexOf('@');
  if (at < 0) return { name: member };
  return { name: member.slice(0, at), annotation: member.slice(at + 1).replace(/^odata\./, '') };
}

/** Ignores fields that the server sets (OData 4.01 Part 1, 11.4.2, 11.4.3). Unknown names go to the query engine. */
function isInput(entity: Entity, name: string, mode: Mode): boolean {
  const field = entity.fields.get(name);
  if (field?.kind !== 'column') return field === undefined;
  return isWritable(entity, field, mode);
}

function boundLink(
  write: WriteRequest,
  relation: RelationField,
  value: unknown,
  { path, mode }: { readonly path: string; readonly mode: Mode },
): ChangeLink | undefined {
  if (value === null && !relation.list) return disconnectLink(relation, path, mode);
  if (Array.isArray(value) !== relation.list)
    throw refusal(
      path,
      relation.list ? 'The value must be a list of references.' : 'The value must be a single reference.',
    );
  const references = itemsOf(write, relation, value);
  const connect = references.map((reference, index) =>
    referenceTo(write, relation, reference, relation.list ? `${path}[${index}]` : path),
  );
  return { relation: relation.name, path, connect };
}

function nestedLink(
  write: WriteRequest,
  relation: RelationField,
  value: unknown,
  { path, mode }: { readonly path: string; readonly mode: Mode },
): ChangeLink | undefined {
  if (value === null && !relation.list) return disconnectLink(relation, path, mode);
  if (Array.isArray(value) !== relation.list)
    throw refusal(
      path,
      relation.list ? 'The value must be a list of records.' : 'The value must be one record, or null.',
    );
  const items = itemsOf(write, relation, value);
  const create: ChangeData[] = [];
  const connect: ChangeKey[] = [];
  for (const [index, item] of items.entries()) {
    const inner = relation.list ? `${path}[${index}]` : path;
    if (!isRecord(item)) throw refusal(inner, 'A record must be a JSON object.');
    const reference = item['@odata.id'] ?? item['@id'];
    if (reference !== undefined)
      connect.push(onlyReference(write, relation, item, { reference, path: inner }));
    else if (mode === 'update') throw refusal(inner, 'An update cannot change nested records.', deeper);
    else create.push(bodyToData(write, targetOf(write, relation), item, { path: inner, mode: 'insert' }));
  }
  const link = { relation: relation.name, path };
  // In an update, a list replaces all related records (11.4.3.1).
  if (mode === 'update' && relation.list) return { ...link, set: connect };
  return { ...link, ...(create.length > 0 && { create }), ...(connect.length > 0 && { connect }) };
}

/** Checks the number of records before looking at them. @throws LIMIT_EXCEEDED */
function itemsOf(
  { service }: WriteRequest,
  { name, list }: RelationField,
  value: unknown,
): readonly unknown[] {
  const items = list ? (value as unknown[]) : [value];
  const { takeMax } = service.engine.limits;
  if (items.length <= takeMax) return items;
  throw fault(
    'LIMIT_EXCEEDED',
    `"${name}" has ${items.length} records; a change may have at most ${takeMax}.`,
    {
      target: name,
    },
  );
}

const deeper =
  'Bind existing records with @odata.bind or @id. Use their own URLs to add or change related records.';

const disconnectLink = (relation: RelationField, path: string, mode: Mode): ChangeLink | undefined =>
  mode === 'insert' ? undefined : { relation: relation.name, path, disconnect: true };

function onlyReference(
  write: WriteRequest,
  relation: RelationField,
  item: JsonObject,
  { reference, path }: { readonly reference: unknown; readonly path: string },
): ChangeKey {
  if (Object.keys(item).some(member => split(member).name !== ''))
    throw refusal(
      path,
      'An existing record can only be bound by its reference, without other fields.',
      deeper,
    );
  return referenceTo(write, relation, reference, path);
}

const referenceTo = (
  write: WriteRequest,
  relation: RelationField,
  reference: unknown,
  path: string,
): ChangeKey => toReference(write, reference, targetOf(write, relation), path);

const targetOf = ({ model }: WriteRequest, relation: RelationField): Entity =>
  model.catalog.entities.get(relation.target)!;

/** Combines bound and nested records of a relation into one link. */
function merged(known: ChangeLink | undefined, { create, connect, ...link }: ChangeLink): ChangeLink {
  const all = <T>(some?: readonly T[], more?: readonly T[]) => {
    const both = [...(some ?? []), ...(more ?? [])];
    return both.length > 0 ? both : undefined;
  };
  const created = all(known?.create, create);
  const connected = all(known?.connect, connect);
  return { ...known, ...link, ...(created && { create: created }), ...(connected && { connect: connected }) };
}

const refusal = (path: string, message: string, hint?: string) =>
  changeFault([{ path, code: 'INVALID_VALUE', message, hint } satisfies ChangeFault]);
