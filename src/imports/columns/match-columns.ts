// The header -> which column of the file goes into which field. All errors of a header are reported together.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';
import type { Converter } from '../convert/cell-fault.ts';
import { keyConverter } from '../convert/key.ts';
import { converterOf } from '../convert/value.ts';
import type { RowSource } from '../read/source/row-source.ts';
import { checkHeader, normalized } from './check-header.ts';
import { matchFields } from './match-key.ts';

export interface ImportColumn {
  /** Place in the file's rows, from 0. */
  readonly index: number;
  /** As the file names it. */
  readonly header: string;
  readonly field: ColumnField;
  readonly convert: Converter;
  /** What an empty cell stands for: null, which is the default where null is not allowed; an empty list; an error. */
  readonly empty: 'null' | 'emptyList' | 'fault';
  /** Whether rows are known by it. */
  readonly key: boolean;
  /** Whether a row must have it, since a new row without it would not be complete. */
  readonly required: boolean;
}

export interface ImportPlan {
  readonly columns: readonly ImportColumn[];
  /** Names of the fields that are written, in the order of a converted row's values. */
  readonly fields: readonly string[];
  /** Cells of a full row. */
  readonly width: number;
  /** Whether cells are values of JSON. */
  readonly typed: boolean;
  /** Names of the fields that identify a row; none if only new rows without a key are imported. */
  readonly match: readonly string[];
}

interface Rules {
  readonly mode: ChangeMode;
  /** Names of the fields that the caller may write. */
  readonly writable: ReadonlySet<string>;
  /** @throws SCOPE_MISSING for a field that the caller may not write */
  readonly permit: (fields: ReadonlySet<string>) => void;
}

/**
 * Names match in any case, without spaces, underscores and dashes.
 * @throws what `permit` throws; UNKNOWN_FIELD or MALFORMED_REQUEST with every fault of the header
 */
export function matchColumns(
  entity: Entity,
  { header, typed }: Pick<RowSource, 'header' | 'typed'>,
  { mode, writable, permit }: Rules,
): ImportPlan {
  const places = trimHeader(header).flatMap((name, index) => (isErrorColumn(name) ? [] : [{ name, index }]));
  const names = places.map(({ name }) => name);
  const fields = names.map(name => findField(entity, name));
  const given = new Set(fields.flatMap(field => field?.name ?? []));
  permit(given);
  const { match, fault: keyFault } = matchFields(entity, given, mode);
  checkHeader({ entity, names, fields, given, match, keyFault, mode, writable });
  const keys = new Set([...entity.key, ...(entity.naturalKey ?? []), ...match]);
  const columns = places.map(({ name, index }, place) =>
    toColumn(fields[place]!, index, name, { keys, match, mode }),
  );
  return { columns, fields: columns.map(({ field }) => field.name), width: header.length, typed, match };
}

/** What the file of rows at fault has besides their cells, so that it can be sent again as it is. */
export const errorColumns = [
  'error:row',
  'error:column',
  'error:value',
  'error:code',
  'error:message',
] as const;

const isErrorColumn = (name: string): boolean =>
  (errorColumns as readonly string[]).includes(name.toLowerCase());

/** Spreadsheets leave empty columns at the end. */
function trimHeader(header: readonly string[]): string[] {
  const names = header.map(name => name.trim());
  return names.slice(0, names.findLastIndex(name => name !== '') + 1);
}

function findField(entity: Entity, name: string): ColumnField | undefined {
  const exact = entity.fields.get(name);
  if (exact?.kind === 'column') return exact;
  const target = normalized(name);
  for (const field of entity.fields.values()) {
    if (field.kind === 'column' && normalized(field.name) === target) return field;
  }
  return undefined;
}

interface Rows {
  /** Fields by which rows are known. */
  readonly keys: ReadonlySet<string>;
  readonly match: readonly string[];
  readonly mode: ChangeMode;
}

function toColumn(field: ColumnField, index: number, header: string, rows: Rows): ImportColumn {
  return {
    index,
    header,
    field,
    convert: converterIn(rows, field),
    empty: emptyIn(rows, field),
    key: rows.match.includes(field.name),
    required: rows.match.includes(field.name) || (rows.mode !== 'update' && emptyOf(field) === 'fault'),
  };
}

const converterIn = ({ keys }: Rows, field: ColumnField) =>
  keys.has(field.name) && field.type.scalar === 'String' ? keyConverter(field) : converterOf(field);

/** A row is known by its key, so that one without may be a new one where the key is made here. */
function emptyIn({ match, mode }: Rows, field: ColumnField): ImportColumn['empty'] {
  if (!match.includes(field.name)) return emptyOf(field);
  return field.made && mode !== 'update' ? 'null' : 'fault';
}

function emptyOf(field: ColumnField): ImportColumn['empty'] {
  if (field.nullable || field.made || field.hasDefault) return 'null';
  return field.type.list ? 'emptyList' : 'fault';
}
