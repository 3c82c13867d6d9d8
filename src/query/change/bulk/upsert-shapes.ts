import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import type { UpsertRows, UpsertTarget } from '../../ask/bulk-upsert.ts';
import type { ChangeRow, EntityUpsert } from '../../ask/entity-change.ts';
import { isMade, type MadeColumn, makeValue } from '../check/make-value.ts';
import { columnOf } from '../sql/columns.ts';

/** What the rows with the same fields have in common. */
interface Shape {
  readonly change: Omit<EntityUpsert, 'rows'>;
  /** By place in the row: the columns that null stands for a generated value in. */
  readonly generated: readonly (readonly [place: number, column: MadeColumn])[];
  /** Columns that the rows do not have, and whose values are generated for new rows. They follow the others. */
  readonly made: readonly MadeColumn[];
}

/** Rows as a caller gives them -> rows with every value that the server generates. */
export class UpsertShapes {
  readonly #entity: Entity;
  readonly #target: UpsertTarget;
  readonly #permitted: ReadonlySet<string>;
  #last: { readonly fields: readonly string[]; readonly shape: Shape } | undefined;

  constructor(entity: Entity, target: UpsertTarget) {
    this.#entity = entity;
    this.#target = target;
    this.#permitted = new Set(target.fields);
  }

  /** @throws Error for a field that the target does not name */
  complete({ fields, rows }: UpsertRows): EntityUpsert {
    const { change, generated, made } = this.#shapeOf(fields);
    if (generated.length === 0 && made.length === 0) return { ...change, rows };
    return { ...change, rows: rows.map(row => completeRow(row, generated, made)) };
  }

  #shapeOf(fields: readonly string[]): Shape {
    if (this.#last?.fields === fields) return this.#last.shape;
    const shape = this.#toShape(fields);
    this.#last = { fields, shape };
    return shape;
  }

  #toShape(fields: readonly string[]): Shape {
    const { entity, match, mode } = this.#target;
    const foreign = fields.find(name => !this.#permitted.has(name));
    if (foreign !== undefined) throw new Error(`${entity}.${foreign} was not announced`);
    const columns = fields.map(name => columnOf(this.#entity, name));
    const made = mode === 'update' ? [] : madeColumns(this.#entity, fields);
    const defaulted = columns.filter(column => isDefaulted(column) && !match.includes(column.name));
    const change = {
      kind: 'upsert',
      entity,
      fields: [...fields, ...made.map(({ name }) => name)],
      made: made.map(({ name }) => name),
      match,
      mode,
      defaulted: defaulted.map(({ name }) => name),
    } as const;
    const generated = columns.flatMap((column, place) =>
      isMade(column) && !column.nullable ? [[place, column] as const] : [],
    );
    return { change, generated, made };
  }
}

const madeColumns = (entity: Entity, fields: readonly string[]): MadeColumn[] =>
  [...entity.fields.values()].filter(field => isMade(field)).filter(({ name }) => !fields.includes(name));

const isDefaulted = (column: ColumnField): boolean =>
  !column.nullable && column.hasDefault && !isMade(column);

function completeRow(row: ChangeRow, generated: Shape['generated'], made: Shape['made']): ChangeRow {
  const values = [...row];
  for (const [place, column] of generated) values[place] ??= makeValue(column.made);
  for (const column of made) values.push(makeValue(column.made));
  return values;
}
