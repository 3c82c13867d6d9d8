// The state of one check: the catalog, the limits, what the caller may read, and what the query refers to.

import type { Limits } from '../../base/config/config.ts';
import { type Fault, fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Catalog, Entity, Field } from '../../catalog/catalog.ts';
import type { Reference } from '../bound/query.ts';
import type { Cursors } from '../cursor/cursor.ts';
import type { Statistics } from '../statistics/statistics.ts';
import { type Estimate, tooCostly } from './cost/cost.ts';

export interface CheckDeps {
  readonly catalog: Catalog;
  readonly limits: Limits;
  readonly cursors: Cursors;
  readonly statistics: Statistics;
}

export class CheckContext {
  readonly catalog: Catalog;
  readonly limits: Limits;
  readonly cursors: Cursors;
  readonly statistics: Statistics;
  /** Every set and field that the query refers to, in order of appearance. */
  readonly references: Reference[] = [];
  /** The fields that the caller may read. Hints never name others. */
  readonly #readableOf: (entity: Entity) => ReadonlySet<string>;
  #nodes = 0;
  #cost = 0;

  constructor(
    { catalog, limits, cursors, statistics }: CheckDeps,
    readableOf: (entity: Entity) => ReadonlySet<string>,
  ) {
    this.catalog = catalog;
    this.limits = limits;
    this.cursors = cursors;
    this.statistics = statistics;
    this.#readableOf = readableOf;
  }

  /** Counts one selected field, condition or sort key. @throws LIMIT_EXCEEDED */
  node(at?: number): void {
    if (++this.#nodes <= this.limits.nodesMax) return;
    throw fault('LIMIT_EXCEEDED', `The query has more than ${this.limits.nodesMax} fields and conditions.`, {
      hint: 'Split it into several queries.',
      at,
    });
  }

  /** The estimated cost of the query so far. */
  get cost(): number {
    return this.#cost;
  }

  /** Adds to the estimated cost. @throws LIMIT_EXCEEDED */
  spend({ cost, heaviest }: Estimate, at?: number): void {
    this.#cost += cost;
    if (this.#cost > this.limits.costMax) throw tooCostly({ cost: this.#cost, heaviest }, this.limits, at);
  }

  /** @returns a field by name, and adds it to `references` @throws UNKNOWN_FIELD with the nearest name that the caller may read */
  field(entity: Entity, name: string, at?: number): Field {
    const field = entity.fields.get(name);
    if (!field) throw this.#unknownField(entity, name, at);
    this.references.push({ entity, field, at });
    if (field.kind === 'relation') this.references.push({ entity: this.target(field.target), at });
    if ('needs' in field) this.#needs(entity, field.needs, at);
    return field;
  }

  target(name: string): Entity {
    return this.catalog.entities.get(name)!;
  }

  #needs(entity: Entity, needs: readonly string[], at?: number): void {
    for (const need of needs) {
      const field = entity.fields.get(need);
      if (field?.restricted) this.references.push({ entity, field, at });
    }
  }

  /** Groups and stages of a pipeline have names of their own besides those of the catalog. */
  #namesOf(entity: Entity): string[] {
    const readable = this.#readableOf(entity);
    const declared = this.target(entity.name).fields;
    return [...entity.fields.keys()].filter(name => readable.has(name) || !declared.has(name));
  }

  #unknownField(entity: Entity, name: string, at?: number): Fault {
    const names = this.#namesOf(entity);
    const list = names.length > 0 ? `Its fields are ${names.join(', ')}.` : undefined;
    return fault('UNKNOWN_FIELD', `${entity.set} has no field "${name}".`, {
      hint: didYouMean(name, names) ?? list,
      at,
      target: name,
    });
  }
}
