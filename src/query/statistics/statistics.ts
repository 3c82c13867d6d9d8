// What the database's own statistics say: how many rows a table has, and how many rows a relation leads to. Only cost estimates
// use them, so rough figures that are a minute old are good enough; limits on answers do not depend on them.

import type { Catalog, Entity, RelationField } from '../../catalog/catalog.ts';

/** How many rows a to-many relation leads to. */
export interface FanOut {
  /** From an average row of the table. */
  readonly mean: number;
  /** From the parent of a random related row: parents with many related rows are reached more often. */
  readonly biased: number;
  /** From the row with the most related rows. */
  readonly max: number;
}

/** A column whose values are the keys of another table. */
export interface ColumnFigures {
  /** Number of distinct values. */
  readonly distinct: number;
  /** Rows whose value is not null. */
  readonly present: number;
  /** Rows that share a value, as in FanOut. */
  readonly biased: number;
  readonly max: number;
}

export interface TableFigures {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnFigures>;
}

export interface Statistics {
  /** Changes whenever a figure changes. Decisions based on an older version must be made again. */
  readonly version: number;
  /** @returns undefined if the number is not known */
  rowsOf(entity: Entity): number | undefined;
  fanOut(entity: Entity, relation: RelationField): FanOut;
}

/** The assumed fan-out of a relation without statistics. */
export const fanOutUnknown = 30;
const unknown: FanOut = { mean: fanOutUnknown, biased: fanOutUnknown, max: fanOutUnknown };

/** Statistics that are replaced as a whole each time they are reloaded. */
export class KeptStatistics implements Statistics {
  readonly #catalog: Pick<Catalog, 'entities'>;
  #tables: ReadonlyMap<string, TableFigures> = new Map();
  #serialized = '[]';
  #version = 0;

  constructor(catalog: Pick<Catalog, 'entities'>) {
    this.#catalog = catalog;
  }

  get version(): number {
    return this.#version;
  }

  /** @param tables by their names in the database */
  replace(tables: ReadonlyMap<string, TableFigures>): void {
    const serialized = JSON.stringify(
      [...tables].map(([name, { rows, columns }]) => [name, rows, [...columns]]),
    );
    if (serialized === this.#serialized) return;
    this.#serialized = serialized;
    this.#tables = tables;
    this.#version += 1;
  }

  rowsOf({ table }: Entity): number | undefined {
    return this.#tables.get(table)?.rows;
  }

  fanOut(entity: Entity, { link, target }: RelationField): FanOut {
    if (link.kind === 'table') return this.#fanOut(entity, link.table, [link.near]);
    return this.#fanOut(entity, this.#catalog.entities.get(target)!.table, link.foreign);
  }

  /** For a key of several columns, uses the most selective one. */
  #fanOut(entity: Entity, table: string, columns: readonly string[]): FanOut {
    const known = columns.flatMap(name => this.#tables.get(table)?.columns.get(name) ?? []);
    if (known.length === 0) return unknown;
    const best = known.reduce((one, other) => (other.max < one.max ? other : one));
    const parents = Math.max(this.rowsOf(entity) ?? 0, best.distinct, 1);
    return { mean: best.present / parents, biased: best.biased, max: best.max };
  }
}
