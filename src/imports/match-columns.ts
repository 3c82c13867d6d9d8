// The header -> which column of the file goes into which field. All faults of a header are told at once.

import type { Principal } from '../auth/principal.ts';
import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { ColumnField, Entity } from '../catalog/catalog.ts';
import { changeAccess, mayWriteField } from '../query/change-access.ts';
import type { ChangeMode } from '../query/entity-change.ts';
import type { Converter } from './cell-fault.ts';
import { converterOf } from './convert-value.ts';
import { matchFields } from './match-key.ts';

export interface ImportColumn {
  /** Place in the file's rows, from 0. */
  readonly index: number;
  /** As the file names it. */
  readonly header: string;
  readonly field: ColumnField;
  readonly convert: Converter;
  /** What an empty cell stands for. A list without a default is an empty one. */
  readonly empty: 'null' | 'default' | 'emptyList' | 'fault';
}

export interface ImportPlan {
  readonly columns: readonly ImportColumn[];
  /** Cells of a full row. */
  readonly width: number;
  /** Names of the fields by which rows are told apart; none when nothing but new rows without a key is imported. */
  readonly match: readonly string[];
}

interface HeaderFault {
  readonly column: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Names match in any case, without spaces, underscores and dashes.
 * @throws SCOPE_MISSING for a field that the principal may not write; UNKNOWN_FIELD or MALFORMED_REQUEST with every fault of the header
 */
export function matchColumns(
  entity: Entity,
  header: readonly string[],
  mode: ChangeMode,
  principal: Principal,
): ImportPlan {
  const names = trimHeader(header);
  const fields = names.map(name => findField(entity, name));
  changeAccess(
    principal,
    entity,
    fields.flatMap(field => field?.name ?? []),
  );
  const given = new Set(fields.flatMap(field => field?.name ?? []));
  const { match, fault: keyFault } = matchFields(entity, given, mode);
  const faults = [
    ...names.flatMap((name, i) => columnFault({ entity, names, fields, match, principal }, name, i) ?? []),
    ...(keyFault ? [{ column: '', ...keyFault }] : []),
    ...missingColumns(entity, new Set([...given, ...(keyFault ? (entity.naturalKey ?? []) : [])]), mode),
  ];
  if (mode === 'update' && given.size === match.length && faults.length === 0) {
    faults.push({
      column: '',
      message: `Besides ${match.join(', ')} the file has no column that could be updated.`,
    });
  }
  if (faults.length > 0) throw headerFault(faults, fields.includes(undefined));
  const columns = fields.map((field, index) => toColumn(field!, index, names[index]!, match));
  return { columns, width: header.length, match };
}

/** Spreadsheets leave empty columns at the end. */
function trimHeader(header: readonly string[]): string[] {
  const names = header.map(name => name.trim());
  return names.slice(0, names.findLastIndex(name => name !== '') + 1);
}

const normalized = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');

function findField(entity: Entity, name: string): ColumnField | undefined {
  const exact = entity.fields.get(name);
  if (exact?.kind === 'column') return exact;
  const wanted = normalized(name);
  for (const field of entity.fields.values()) {
    if (field.kind === 'column' && normalized(field.name) === wanted) return field;
  }
  return undefined;
}

interface Header {
  readonly entity: Entity;
  readonly names: readonly string[];
  readonly fields: readonly (ColumnField | undefined)[];
  readonly match: readonly string[];
  readonly principal: Principal;
}

function columnFault(header: Header, name: string, index: number): HeaderFault | undefined {
  const { entity, names, fields, match } = header;
  const column = shorten(name);
  if (name === '') return { column, message: `Column ${index + 1} has no name.` };
  const field = fields[index];
  if (!field) return unknownColumn(header, name);
  const first = fields.indexOf(field);
  if (first < index) {
    return {
      column,
      message: `"${column}" and "${shorten(names[first]!)}" are the same field, ${field.name}.`,
    };
  }
  const generated = entity.key.includes(field.name) && field.hasDefault && !match.includes(field.name);
  if (!generated && !field.updatedAt) return undefined;
  return { column, message: `"${column}" is set by the server.`, hint: 'Leave the column out.' };
}

function unknownColumn({ entity, principal }: Header, name: string): HeaderFault {
  const other = [...entity.fields.values()].find(field => normalized(field.name) === normalized(name));
  const column = shorten(name);
  if (other?.kind === 'relation') {
    return {
      column,
      message: `"${column}" is a relation of ${entity.set}.`,
      hint: localHint(entity, other.name),
    };
  }
  if (other) return { column, message: `"${column}" is computed.`, hint: 'Leave the column out.' };
  const known = writable(entity, principal);
  return { column, message: `${entity.set} has no field "${column}".`, hint: didYouMean(name, known) };
}

function localHint(entity: Entity, relation: string): string | undefined {
  const field = entity.fields.get(relation);
  if (field?.kind !== 'relation' || field.list || field.link.kind !== 'columns')
    return 'Leave the column out.';
  const { local } = field.link;
  const columns = [...entity.fields.values()].filter(
    other => other.kind === 'column' && local.includes(other.column),
  );
  return `Give ${columns.map(other => other.name).join(', ')} instead.`;
}

const writable = (entity: Entity, principal: Principal): string[] =>
  [...entity.fields.values()]
    .filter(
      field => field.kind === 'column' && !field.updatedAt && mayWriteField(principal, entity, field.name),
    )
    .map(field => field.name);

const isRequired = (field: ColumnField): boolean =>
  !field.nullable && !field.hasDefault && !field.updatedAt && !field.type.list;

/** Even where a row exists, PostgreSQL wants a whole new one before it looks for it. */
function missingColumns(entity: Entity, given: ReadonlySet<string>, mode: ChangeMode): HeaderFault[] {
  if (mode === 'update') return [];
  const hint = mode === 'upsert' ? 'To change rows that exist, and no others, send mode=update.' : undefined;
  return [...entity.fields.values()]
    .filter(field => field.kind === 'column' && isRequired(field))
    .filter(field => !given.has(field.name))
    .map(({ name }) => ({
      column: name,
      message: `The column "${name}" is missing: new rows need it.`,
      hint,
    }));
}

/** Faults that the message itself repeats; all are in the details. */
const toldMax = 5;

function headerFault(faults: readonly HeaderFault[], unknown: boolean) {
  const told = faults.slice(0, toldMax);
  const messages = told.map(one => one.message).join(' ');
  const count =
    faults.length > told.length ? `${faults.length} faults, among them` : `${faults.length} faults`;
  const hints = [...new Set(told.flatMap(one => one.hint ?? []))];
  return fault(
    unknown ? 'UNKNOWN_FIELD' : 'MALFORMED_REQUEST',
    faults.length === 1 ? messages : `The header has ${count}: ${messages}`,
    { hint: hints.join(' ') || undefined, target: 'file', details: faults },
  );
}

function toColumn(field: ColumnField, index: number, header: string, match: readonly string[]): ImportColumn {
  return {
    index,
    header,
    field,
    convert: converterOf(field),
    empty: match.includes(field.name) ? 'fault' : emptyOf(field),
  };
}

function emptyOf(field: ColumnField): ImportColumn['empty'] {
  if (field.nullable) return 'null';
  if (field.hasDefault) return 'default';
  return field.type.list ? 'emptyList' : 'fault';
}

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
