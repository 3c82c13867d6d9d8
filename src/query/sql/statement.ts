// The state of building one SQL statement: parameters, aliases, and the FROM clause of each source.

import type { Parameter } from '../../base/database/database.ts';
import type {
  Catalog,
  ColumnField,
  Entity,
  RelationField,
  SqlField,
  SqlTemplate,
} from '../../catalog/catalog.ts';
import type { Slot, Source } from '../bound/expression.ts';
import type { Share } from '../bound/share.ts';
import { servedSql } from './stored-value.ts';
import { identifier } from './text.ts';

export interface PlacedSlot extends Slot {
  /** The index of its value in the statement's values. */
  readonly index: number;
  readonly cast: string;
}

export class Statement {
  readonly catalog: Catalog;
  readonly values: Parameter[] = [];
  /** The values that can be rebound. */
  readonly slots: PlacedSlot[] = [];
  readonly #frames = new Map<Source, Frame>();
  /** The types of the parameters, by number. */
  readonly #casts = new Map<number, string>();
  #aliases = 0;

  constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  /**
   * PostgreSQL rejects a parameter that the text does not use, since it has no type. A simplified condition may leave one
   * unused: it is then referenced in a CTE that is never run.
   */
  whole(text: string): string {
    if (this.values.length === 0) return text;
    const used = new Set<string>();
    for (const [, number] of text.matchAll(/\$(\d+)::/g)) used.add(number!);
    if (used.size === this.values.length) return text;
    const unused = [...this.#casts].filter(([number]) => !used.has(String(number)));
    if (unused.length === 0) return text;
    const reference = `WITH "~unused" AS (SELECT ${unused.map(([number, cast]) => `$${number}::${cast}`).join(', ')})`;
    return text.startsWith('WITH ') ? `${reference}, ${text.slice('WITH '.length)}` : `${reference} ${text}`;
  }

  /** @returns the SQL of a parameter with this value, cast to a type */
  parameter(value: Parameter, cast: string, slot?: Slot): string {
    if (slot) this.slots.push({ ...slot, index: this.values.length, cast });
    const number = this.values.push(value);
    this.#casts.set(number, cast);
    return `$${number}::${cast}`;
  }

  alias(): string {
    return `t${this.#aliases++}`;
  }

  /** Opens the FROM clause of a source. */
  open(source: Source, alias = this.alias()): Frame {
    const frame = new Frame(this, alias, source.entity);
    this.#frames.set(source, frame);
    return frame;
  }

  /** Maps a source to a frame that is already open. */
  place(source: Source, frame: Frame): void {
    this.#frames.set(source, frame);
  }

  frame(source: Source): Frame {
    return this.#frames.get(source)!;
  }
}

interface Above {
  readonly frame: Frame;
  readonly path: readonly RelationField[];
}

/** A table with an alias, and the tables joined to it through to-one relations. */
export class Frame {
  readonly alias: string;
  readonly entity?: Entity;
  readonly #statement: Statement;
  /** The share of the row budget that each of its rows has for nested lists. */
  share?: Share;
  /** The frame that makes the joins, for rows that are reached from another frame. */
  readonly #above?: Above;
  readonly #joined = new Map<string, string>();
  #joins = '';

  constructor(statement: Statement, alias: string, entity?: Entity, above?: Above) {
    this.#statement = statement;
    this.alias = alias;
    this.entity = entity;
    this.#above = above;
  }

  /** The joins so far, each preceded by a space. */
  get joins(): string {
    return this.#joins;
  }

  /** @returns the alias of the row at the end of to-one relations; each path is joined only once */
  join(path: readonly RelationField[]): string {
    if (this.#above) return this.#above.frame.join([...this.#above.path, ...path]);
    let alias = this.alias;
    let walked = '';
    for (const relation of path) {
      walked += `/${relation.name}`;
      alias = this.#joined.get(walked) ?? this.#add(walked, alias, relation);
    }
    return alias;
  }

  /** @returns a frame for the rows at the end of to-one relations */
  below(path: readonly RelationField[]): Frame {
    if (path.length === 0) return this;
    const target = this.#statement.catalog.entities.get(path.at(-1)!.target);
    return new Frame(this.#statement, this.join(path), target, { frame: this, path });
  }

  #add(walked: string, from: string, relation: RelationField): string {
    const alias = this.#statement.alias();
    const target = this.#statement.catalog.entities.get(relation.target)!;
    const condition = [linkCondition(relation, from, alias), ...rowFilter(target, alias)].join(' AND ');
    this.#joins += ` LEFT JOIN ${identifier(target.table)} ${alias} ON ${condition}`;
    this.#joined.set(walked, alias);
    return alias;
  }
}

/** @returns the join condition between a row of `near` and a row of `far`, for relations without a join table */
function linkCondition({ link }: RelationField, near: string, far: string): string {
  if (link.kind === 'table') throw new Error('A relation with a join table cannot be joined directly.');
  return link.foreign
    .map((column, index) => `${far}.${identifier(column)} = ${near}.${identifier(link.local[index]!)}`)
    .join(' AND ');
}

/** @returns FROM and WHERE for the rows that are related to the row `near` */
export function relatedRows(statement: Statement, relation: RelationField, near: string, far: string) {
  const target = statement.catalog.entities.get(relation.target)!;
  const table = `${identifier(target.table)} ${far}`;
  const { link } = relation;
  if (link.kind === 'columns') {
    return { from: table, where: [linkCondition(relation, near, far), ...rowFilter(target, far)] };
  }
  const joiner = statement.alias();
  const joined = `${far}.${identifier(link.foreign)} = ${joiner}.${identifier(link.far)}`;
  const linked = `${joiner}.${identifier(link.near)} = ${near}.${identifier(link.local)}`;
  return {
    from: `${identifier(link.table)} ${joiner} JOIN ${table} ON ${joined}`,
    where: [linked, ...rowFilter(target, far)],
  };
}

/** @returns the entity's row filter as a list of zero or one conditions */
export function rowFilter(entity: Entity, alias: string): string[] {
  return entity.rowFilter ? [`(${fillTemplate(entity.rowFilter, entity, alias)})`] : [];
}

/** @returns the SQL of a column or computed field of the row with this alias */
export const fieldSql = (field: ColumnField | SqlField, entity: Entity, alias: string): string =>
  field.kind === 'column' ? columnSql(field, alias) : fillTemplate(field, entity, alias);

const fillTemplate = (template: SqlTemplate, entity: Entity, alias: string): string =>
  template.sql(name => columnSql(entity.fields.get(name) as ColumnField, alias));

/** @param alias alias of the row; absent: the column is not qualified @returns the SQL of a column's value as it is served */
export const columnSql = (field: ColumnField, alias?: string): string =>
  servedSql(field, alias === undefined ? identifier(field.column) : `${alias}.${identifier(field.column)}`);

/** @returns the SQL of a row's version: the transaction that wrote it, which no later version of the row shares */
export const versionSql = (alias: string): string => `${alias}.xmin::text`;

/** @returns the first column of an entity's key, which is null exactly if an outer join found no row */
export const presenceSql = (entity: Entity, alias: string): string =>
  columnSql(entity.fields.get(entity.key[0]!) as ColumnField, alias);
