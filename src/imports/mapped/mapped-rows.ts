// What an import through a mapper does besides: looking related records up, and acting on records that the file lacks.

import type { Principal } from '../../base/principal.ts';
import type { CheckedMapper } from '../../mappers/document/check-mapper.ts';
import type { BulkSession, Engine } from '../../query/engine.ts';
import type { ReadyRow } from '../rows/convert-row.ts';
import type { FaultList } from '../rows/fault-list.ts';
import { Absent } from './absent.ts';
import { MappedConverter } from './mapped-converter.ts';
import type { MappedPlan } from './plan.ts';
import { RelationResolver } from './relation-resolver.ts';

interface MappedRowsDeps {
  readonly engine: Pick<Engine, 'openUpsert' | 'keyFinder' | 'openAbsent'>;
  readonly principal: Principal;
  readonly plan: MappedPlan;
  readonly mapper?: CheckedMapper;
  readonly faults: FaultList;
  readonly on: BulkSession;
}

/** What a mapper did besides. */
export interface MappedCounts {
  /** Rows that a condition left out. */
  readonly skipped: number;
  /** Related records that were created. */
  readonly created: number;
  /** Records that the file does not contain, and that were changed or deleted. */
  readonly absent: number;
  /** Columns of the file that the mapper does not use. */
  readonly ignoredColumns: readonly string[];
}

export class MappedRows {
  readonly converter: MappedConverter;
  readonly #plan: MappedPlan;
  readonly #relations: RelationResolver;
  readonly #absent: Absent | undefined;

  private constructor(
    converter: MappedConverter,
    plan: MappedPlan,
    relations: RelationResolver,
    absent: Absent | undefined,
  ) {
    this.converter = converter;
    this.#plan = plan;
    this.#relations = relations;
    this.#absent = absent;
  }

  static async open(deps: MappedRowsDeps): Promise<MappedRows> {
    const { plan, mapper, faults } = deps;
    const relations = await RelationResolver.open(plan.relations, deps);
    const absent = mapper && (await Absent.open(mapper, plan, deps));
    return new MappedRows(new MappedConverter(plan, faults), plan, relations, absent);
  }

  async prepare(rows: readonly ReadyRow[]): Promise<readonly ReadyRow[]> {
    const resolved = await this.#relations.resolve(rows);
    await this.#absent?.add(resolved);
    return resolved;
  }

  /**
   * @param failed whether a row had errors: the file then may not name every record
   * @param refused whether the transaction will be rolled back
   */
  async finish(failed: boolean, refused: boolean): Promise<MappedCounts> {
    const absent = failed ? 0 : ((await this.#absent?.apply()) ?? 0);
    const { skipped } = this.converter;
    const created = refused ? 0 : this.#relations.created;
    return { skipped, created, absent, ignoredColumns: this.#plan.mapper.unused };
  }
}
