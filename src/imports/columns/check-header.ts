// Validates a header. All errors are reported together.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';

/** The header's names, trimmed, and the field that each stands for. */
export interface Header {
  readonly entity: Entity;
  readonly names: readonly string[];
  readonly fields: readonly (ColumnField | undefined)[];
  /** Names of the fields that it has. */
  readonly given: ReadonlySet<string>;
  readonly match: readonly string[];
  /** Why rows could not be shown apart. */
  readonly keyFault?: Omit<HeaderFault, 'column'>;
  readonly mode: ChangeMode;
  /** Names of the fields that the caller may write. */
  readonly writable: ReadonlySet<string>;
}

interface HeaderFault {
  readonly column: string;
  readonly message: string;
  readonly hint?: string;
}

/** @throws UNKNOWN_FIELD or MALFORMED_REQUEST with every fault of the header in its details */
export function checkHeader(header: Header): void {
  const { names, fields, keyFault } = header;
  const faults = [
    ...names.flatMap((name, index) => columnFault(header, name, index) ?? []),
    ...(keyFault ? [{ column: '', ...keyFault }] : []),
    ...missingColumns(header),
  ];
  if (faults.length === 0) faults.push(...nothingToUpdate(header));
  if (faults.length > 0) throw headerFault(faults, fields.includes(undefined));
}

/** @returns a name as names are compared: in lower case, without spaces, underscores and dashes */
export const normalized = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');

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
  const generated = isGenerated(entity, field) && !match.includes(field.name);
  if (!generated && !field.updatedAt) return undefined;
  return { column, message: `"${column}" is set by the server.`, hint: 'Leave the column out.' };
}

function unknownColumn({ entity, writable }: Header, name: string): HeaderFault {
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
  const known = settable(entity).filter(field => writable.has(field));
  return { column, message: `${entity.set} has no field "${column}".`, hint: didYouMean(name, known) };
}

function localHint(entity: Entity, relation: string): string | undefined {
  const field = entity.fields.get(relation);
  const local = field?.kind === 'relation' && field.link.kind === 'columns' ? field.link.local : [];
  const names = [...entity.fields.values()].flatMap(other =>
    other.kind === 'column' && local.includes(other.column) && !isGenerated(entity, other) ? other.name : [],
  );
  return names.length > 0 ? `Give ${names.join(', ')} instead.` : 'Leave the column out.';
}

/** Whether the database counts the value up. */
const isGenerated = (entity: Entity, field: ColumnField): boolean =>
  entity.key.includes(field.name) && field.counted === true;

const settable = (entity: Entity): string[] =>
  [...entity.fields.values()].flatMap(field =>
    field.kind === 'column' && !field.updatedAt && !isGenerated(entity, field) ? field.name : [],
  );

const isRequired = (field: ColumnField): boolean =>
  !field.nullable && !field.hasDefault && !field.updatedAt && !field.type.list;

/** Even where a row exists, PostgreSQL wants a whole new one before it looks for it. */
function missingColumns({ entity, given, keyFault, mode }: Header): HeaderFault[] {
  if (mode === 'update') return [];
  const reported = keyFault ? (entity.naturalKey ?? []) : [];
  const hint = mode === 'upsert' ? 'To change rows that exist, and no others, send mode=update.' : undefined;
  return [...entity.fields.values()]
    .filter(field => field.kind === 'column' && isRequired(field))
    .filter(field => !given.has(field.name) && !reported.includes(field.name))
    .map(({ name }) => ({
      column: name,
      message: `The column "${name}" is missing: new rows need it.`,
      hint,
    }));
}

function nothingToUpdate({ given, match, mode }: Header): HeaderFault[] {
  if (mode !== 'update' || given.size > match.length) return [];
  return [
    { column: '', message: `Besides ${match.join(', ')} the file has no column that could be updated.` },
  ];
}

/** Faults that the message itself repeats; all are in the details. */
const shownMax = 5;

function headerFault(faults: readonly HeaderFault[], unknown: boolean) {
  const shown = faults.slice(0, shownMax);
  const messages = shown.map(one => one.message).join(' ');
  const count =
    faults.length > shown.length ? `${faults.length} faults, among them` : `${faults.length} faults`;
  const hints = [...new Set(shown.flatMap(one => one.hint ?? []))];
  return fault(
    unknown ? 'UNKNOWN_FIELD' : 'MALFORMED_REQUEST',
    faults.length === 1 ? messages : `The header has ${count}: ${messages}`,
    { hint: hints.join(' ') || undefined, target: 'file', details: faults },
  );
}

const shorten = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
