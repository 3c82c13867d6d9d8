// A mapper over the header of a file -> the plan of the import: what becomes of each mapped value.

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { BoundMapper, CompiledMapper } from '../../mappers/compile/compile-mapper.ts';
import type { MapperTarget, RelationTarget, TreeTarget } from '../../mappers/document/target.ts';
import { type ImportColumn, type ImportPlan, toColumn } from '../columns/match-columns.ts';
import { type Converter, isFault } from '../convert/cell-fault.ts';
import { keyConverter } from '../convert/key.ts';
import { converterOf } from '../convert/value.ts';
import type { RowSource } from '../read/source/row-source.ts';

/** A plan over mapped values instead of the cells of the file. */
export interface MappedPlan extends ImportPlan {
  readonly mapper: BoundMapper;
  /** The columns whose values are keys of other records, to be looked up. */
  readonly relations: readonly RelationColumn[];
  /** Whether cells of the file may be other than text: values of JSON, or errors of a workbook. */
  readonly mixed: boolean;
  /** Cells of a full row of the file; undefined without a header. */
  readonly cells?: number;
}

export interface RelationColumn {
  /** Place in a row's values. */
  readonly place: number;
  readonly target: RelationTarget | TreeTarget;
}

/**
 * @param source whose header is empty if the file has none
 * @throws UNKNOWN_FIELD for columns that the file lacks
 */
export function planOfMapper(
  { entity, match, document, bind }: CompiledMapper,
  source: Pick<RowSource, 'header' | 'typed' | 'facts'>,
): MappedPlan {
  const header = source.header.length > 0 ? source.header : undefined;
  const mapper = bind(header);
  const keys = new Set([...entity.key, ...(entity.naturalKey ?? []), ...match]);
  const columns = mapper.columns.map(({ target, header: name, places }, index) => {
    const column = toColumn(fieldOf(target), index, name, { keys, match, mode: document.mode });
    return { ...column, places, convert: converterFor(target, column) };
  });
  checkMatch(entity, columns, match);
  const relations = columns.flatMap((_, place) => {
    const { target } = mapper.columns[place]!;
    return target.kind === 'field' ? [] : { place, target };
  });
  const fields = columns.map(({ field }) => field.name);
  return {
    columns,
    fields,
    width: columns.length,
    typed: false,
    mixed: source.typed || source.facts.format === 'xlsx',
    match,
    mapper,
    relations,
    cells: header?.length,
  };
}

const fieldOf = (target: MapperTarget) => (target.kind === 'field' ? target.field : target.stored);

function converterFor(target: MapperTarget, column: ImportColumn): Converter {
  if (target.kind === 'field') return column.convert;
  if (target.kind === 'tree') return path => path;
  const { key } = target;
  return key.type.scalar === 'String' ? keyConverter(key) : converterOf(key);
}

/** Columns may be optional, but not those of the key. */
function checkMatch(entity: Entity, columns: readonly ImportColumn[], match: readonly string[]): void {
  const missing = match.filter(name => !columns.some(({ field }) => field.name === name));
  if (missing.length === 0) return;
  throw fault(
    'UNKNOWN_FIELD',
    `The file has no column for ${missing.join(' and ')}, by which rows of ${entity.set} are matched.`,
    { target: 'file' },
  );
}

/** @returns the value in PostgreSQL's text format @throws INVALID_VALUE for a value that the mapper states wrongly */
export function statedValue(entity: Entity, name: string, text: string): string {
  const field = entity.fields.get(name);
  if (field?.kind !== 'column') throw new Error(`${entity.name}.${name} is not a column`);
  const value = converterOf(field)(text);
  if (!isFault(value)) return value;
  throw fault('INVALID_VALUE', `The mapper states a wrong value for ${name}: ${value.message}`, {
    target: 'mapperId',
    hint: 'Save a new version of the mapper.',
  });
}
