// Checks what a change writes along relations against the catalog.

import { fault } from '../../../base/errors.ts';
import type { Entity, RelationField } from '../../../catalog/catalog.ts';
import type { ChangeData, ChangeKey, ChangeLink } from '../../ask/entity-change.ts';
import { type BoundKey, type BoundLink, type BoundRow, sideOf } from '../../bound/change.ts';
import { checkKey } from './key.ts';
import type { ChangeCheck } from './state.ts';
import { foreignKey, writableRelations } from './writable.ts';

/** Where a new row is in the change. */
export interface Nesting {
  /** Names of the fields that the enclosing row sets. */
  readonly supplied: readonly string[];
  readonly depth: number;
}

export interface RowNesting extends Nesting {
  readonly kind: 'insert' | 'update';
}

/** New rows at the other end may have links too, so the function that checks them is passed in. */
interface LinkCheck {
  readonly check: ChangeCheck;
  readonly checkNewRow: (check: ChangeCheck, entity: Entity, data: ChangeData, nesting: Nesting) => BoundRow;
}

export function checkLinks(
  { check, checkNewRow }: LinkCheck,
  entity: Entity,
  data: ChangeData,
  { kind, supplied, depth }: RowNesting,
): BoundLink[] {
  const inputs = data.links ?? [];
  if (inputs.length > 0 && depth > check.context.limits.depthMax) {
    const message = `The change is nested more than ${check.context.limits.depthMax} levels deep.`;
    throw fault('LIMIT_EXCEEDED', message, { at: data.at });
  }
  const links: BoundLink[] = [];
  for (const link of inputs) {
    const relation = writableRelations(check.context.catalog, entity, kind).find(
      one => one.name === link.relation,
    );
    if (!relation) {
      check.refuse(
        link.path,
        { code: 'READ_ONLY', message: `"${link.relation}" cannot be written.` },
        link.at,
      );
      continue;
    }
    const bound = checkLink({ check, checkNewRow }, entity, relation, { link, kind, depth });
    refuseTwice(check, entity, relation, { data, supplied, link });
    links.push(bound);
  }
  return links;
}

/** The relation's columns must not be set by their own names as well. */
function refuseTwice(
  check: ChangeCheck,
  entity: Entity,
  relation: RelationField,
  {
    data,
    supplied,
    link: { path, at },
  }: { readonly data: ChangeData; readonly supplied: readonly string[]; readonly link: ChangeLink },
): void {
  if (sideOf(relation) !== 'near') return;
  const columns = foreignKey(check.context.catalog, entity, relation)!.map(field => field.name);
  const twice = columns.find(name => supplied.includes(name) || data.values.some(one => one.field === name));
  if (twice === undefined) return;
  const message = supplied.includes(twice)
    ? 'This relation is set by the enclosing record.'
    : `"${relation.name}" and "${twice}" set the same value. Use one of them.`;
  check.refuse(path, { code: 'INVALID_VALUE', message }, at);
}

function checkLink(
  { check, checkNewRow }: LinkCheck,
  entity: Entity,
  relation: RelationField,
  {
    link,
    kind,
    depth,
  }: { readonly link: ChangeLink; readonly kind: 'insert' | 'update'; readonly depth: number },
): BoundLink {
  const { context } = check;
  const target = context.target(relation.target);
  const side = sideOf(relation);
  const columns = foreignKey(context.catalog, entity, relation)!;
  noteWrites(check, entity, relation, { link, target });
  const supplied = side === 'far' ? columns.map(field => field.name) : [];
  const create = (link.create ?? []).map(data =>
    checkNewRow(check, target, data, { supplied, depth: depth + 1 }),
  );
  const keys = (list: readonly ChangeKey[] = []) => list.map(key => checkKnown(check, target, key));
  const bound: BoundLink = {
    relation,
    side,
    path: link.path,
    target,
    create,
    connect: keys(link.connect),
    disconnect: link.disconnect === true ? true : keys(link.disconnect),
    set: link.set && keys(link.set),
  };
  check.rows(create.length + bound.connect.length + (bound.set?.length ?? 0), link.at);
  refuseCounts(check, relation, link, kind);
  refuseMissing(
    check,
    bound,
    columns.every(field => field.nullable),
    link.at,
  );
  return bound;
}

/** Finding a row by its key is a read: a caller that may not read the set may not connect its rows. */
function checkKnown(check: ChangeCheck, target: Entity, key: ChangeKey): BoundKey {
  check.context.references.push({ entity: target, at: key.at });
  return checkKey(check, target, key);
}

/**
 * Writing along a relation needs write permission on whatever stores it: the row itself, the rows at the other end, or both
 * for a join table. Creating rows at the other end always needs write permission on their set.
 */
function noteWrites(
  check: ChangeCheck,
  entity: Entity,
  relation: RelationField,
  { link, target }: { readonly link: ChangeLink; readonly target: Entity },
): void {
  const side = sideOf(relation);
  check.writes.push({ entity, field: relation.name });
  if (side !== 'near' || link.create?.length) check.writes.push({ entity: target });
  const holder = side === 'near' ? entity : target;
  for (const column of foreignKey(check.context.catalog, entity, relation)!)
    check.writes.push({ entity: holder, field: column.name });
}

function refuseCounts(
  check: ChangeCheck,
  relation: RelationField,
  link: ChangeLink,
  kind: 'insert' | 'update',
): void {
  const invalid = (message: string) => check.refuse(link.path, { code: 'INVALID_VALUE', message }, link.at);
  const made = (link.create?.length ?? 0) + (link.connect?.length ?? 0);
  const ways = [link.create, link.connect, link.disconnect, link.set].filter(way => way !== undefined);
  if (kind === 'insert' && (link.disconnect !== undefined || link.set !== undefined))
    invalid('A new record has nothing to disconnect. Use connect or create.');
  if (!relation.list && (made > 1 || ways.length > 1))
    invalid('This relation holds one record. Use only one of create, connect and disconnect.');
  if (!relation.list && ways.length === 0) invalid('Use one of create, connect and disconnect.');
  if (link.set !== undefined && sideOf(relation) !== 'table')
    invalid('"set" is only for many-to-many relations.');
  if (link.set !== undefined && (link.connect !== undefined || link.disconnect !== undefined))
    invalid('"set" replaces all records. It cannot be combined with connect or disconnect.');
}

/** A required relation cannot be disconnected. */
function refuseMissing(check: ChangeCheck, link: BoundLink, nullable: boolean, at?: number): void {
  const cuts = link.disconnect === true || link.disconnect.length > 0;
  if (!cuts || nullable || link.side === 'table') return;
  const message =
    link.side === 'near'
      ? `"${link.relation.name}" is required and cannot be disconnected.`
      : 'The related record requires this one and cannot be disconnected.';
  check.refuse(link.path, { code: 'REQUIRED', message }, at);
}
