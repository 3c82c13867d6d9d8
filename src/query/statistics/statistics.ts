// What the database's own statistics tell of tables: how many rows they have, and how many rows a relation leads to. Costs
// are estimated from it, so that it may be roughly right, and old by a minute; what an answer may have is not decided here.

import type { Catalog, Entity, RelationField } from '../../catalog/catalog.ts';

/** How many rows a to-many relation leads to. */
export interface FanOut {
  /** From a row of the table, whichever it is. */
  readonly mean: number;
  /** From the row that a related row leads back to: rows with many related ones are come by more often. */
  readonly biased: number;
  /** From the row that has the most. */
  readonly max: number;
}

/** A column whose values are the keys of another table. */
export interface ColumnFigures {
  /** Different values. */
  readonly distinct: number;
  /** Rows that have one. */
  readonly present: number;
  /** Rows that share a value: as in FanOut. */
  readonly biased: number;
  readonly max: number;
}

export interface TableFigures {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, ColumnFigures>;
}

export interface Statistics {
  /** Another one whenever any figure is another: what was decided by the old ones is to be decided anew. */
  readonly version: number;
  /** @returns undefined where nobody has counted */
  rowsOf(entity: Entity): number | undefined;
  fanOut(entity: Entity, relation: RelationField): FanOut;
}

/** What a relation is taken to lead to where nothing is known. */
export const fanOutUnknown = 30;
const unknown: FanOut = { mean: fanOutUnknown, biased: fanOutUnknown, max: fanOutUnknown };

/** Statistics that are replaced as a whole, again and again. */
export class KeptStatistics implements Statistics {
  readonly #catalog: Pick<Catalog, 'entities'>;
  #tables: ReadonlyMap<string, TableFigures> = new Map();
  #said = '[]';
  #version = 0;

  constructor(catalog: Pick<Catalog, 'entities'>) {
    this.#catalog = catalog;
  }

  get version(): number {
    return this.#version;
  }

  /** @param tables by their names in the database */
  replace(tables: ReadonlyMap<string, TableFigures>): void {
    const said = JSON.stringify([...tables].map(([name, { rows, columns }]) => [name, rows, [...columns]]));
    if (said === this.#said) return;
    this.#said = said;
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

  /** Of a key of several columns, the one that tells most rows apart. */
  #fanOut(entity: Entity, table: string, columns: readonly string[]): FanOut {
    const known = columns.flatMap(name => this.#tables.get(table)?.columns.get(name) ?? []);
    if (known.length === 0) return unknown;
    const best = known.reduce((one, other) => (other.max < one.max ? other : one));
    const parents = Math.max(this.rowsOf(entity) ?? 0, best.distinct, 1);
    return { mean: best.present / parents, biased: best.biased, max: best.max };
  }
}
