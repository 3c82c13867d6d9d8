// Batches of rows -> the database, in the caller's transaction. Rows that it refuses are reported, the others of the batch go in.

import type { Session } from '../../../base/database/database.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { UpsertOutcome, UpsertRefusal, UpsertRows, UpsertTarget } from '../../ask/bulk-upsert.ts';
import type { ChangeCounts, EntityUpsert } from '../../ask/entity-change.ts';
import { rowsWithoutCounterpart } from '../refusal/conflicting-rows.ts';
import { explainRefusal, isRowRefusal } from '../refusal/explain.ts';
import { isTransient } from '../run-all.ts';
import { runUpsert } from '../upsert.ts';
import { UpsertShapes } from './upsert-shapes.ts';

/** What else changes the same rows waits for a lock for some seconds, and the database finds that out every second. */
const attemptsMax = 30;

/** A transaction that is open, and what cancels its statements. */
export interface BulkSession {
  readonly session: Session;
  readonly signal?: AbortSignal;
}

/** Writes of one transaction to one entity, permitted and in their turn. */
export class BulkUpsert {
  readonly #on: BulkSession;
  readonly #entity: Entity;
  readonly #shapes: UpsertShapes;

  private constructor(on: BulkSession, entity: Entity, target: UpsertTarget) {
    this.#on = on;
    this.#entity = entity;
    this.#shapes = new UpsertShapes(entity, target);
  }

  /** Waits until no other transaction writes to the entity in bulk. */
  static async open(on: BulkSession, entity: Entity, target: UpsertTarget): Promise<BulkUpsert> {
    await takeTurn(on, entity);
    return new BulkUpsert(on, entity, target);
  }

  /**
   * @param batch sets fields of the target, all of them or some
   * @throws what is not about the rows: an aborted signal, a lost connection. The transaction cannot go on then
   */
  async write(batch: UpsertRows): Promise<UpsertOutcome> {
    const change = this.#shapes.complete(batch);
    const state = { inserted: 0, updated: 0, refusals: [] };
    if (change.rows.length > 0) await this.#write(new Piece(change), state);
    return state;
  }

  async #write(piece: Piece, state: State, attempt = 1): Promise<void> {
    const { session } = this.#on;
    await session.query('SAVEPOINT batch');
    try {
      const counts = await runUpsert(session, this.#entity, piece.change, { signal: this.#on.signal });
      await session.query('RELEASE SAVEPOINT batch');
      await this.#count(piece, counts, state);
    } catch (error) {
      const mayPass = isTransient(error) && attempt < attemptsMax;
      if (!mayPass && !isRowRefusal(error)) throw error;
      await session.query('ROLLBACK TO SAVEPOINT batch; RELEASE SAVEPOINT batch');
      if (!isRowRefusal(error)) return this.#write(piece, state, attempt + 1);
      await this.#writeWithout(piece, state, error);
    }
  }

  async #count(piece: Piece, { inserted, updated }: ChangeCounts, state: State): Promise<void> {
    state.inserted += inserted;
    state.updated += updated;
    const { change } = piece;
    if (change.mode !== 'update' || updated === change.rows.length) return;
    const rows = await rowsWithoutCounterpart(this.#on.session, this.#entity, change);
    const message = `There is no row of ${this.#entity.set} with this ${change.match.join(', ')}.`;
    state.refusals.push({ rows: piece.placesOf(rows), fields: change.match, code: 'NOT_FOUND', message });
  }

  /** Leaves out the rows that the database refuses, or, where it does not say which, tries each half. */
  async #writeWithout(piece: Piece, state: State, error: Error): Promise<void> {
    const refusal = await explainRefusal(this.#on.session, this.#entity, piece.change, error);
    const pieces = refusal ? [piece.without(refusal.rows)] : piece.halves();
    if (refusal) state.refusals.push({ ...refusal, rows: piece.placesOf(refusal.rows) });
    for (const part of pieces) if (part.change.rows.length > 0) await this.#write(part, state);
  }
}

interface State {
  inserted: number;
  updated: number;
  readonly refusals: UpsertRefusal[];
}

/** Rows of a batch that are written together, and where they stand in it. */
class Piece {
  readonly change: EntityUpsert;
  /** Absent: everywhere. */
  readonly #places: readonly number[] | undefined;

  constructor(change: EntityUpsert, places?: readonly number[]) {
    this.change = change;
    this.#places = places;
  }

  placesOf(rows: readonly number[]): readonly number[] {
    const places = this.#places;
    return places ? rows.map(row => places[row]!) : rows;
  }

  without(rows: readonly number[]): Piece {
    const refused = new Set(rows);
    return this.#of(this.#all().filter(row => !refused.has(row)));
  }

  halves(): Piece[] {
    const all = this.#all();
    const middle = Math.ceil(all.length / 2);
    return [this.#of(all.slice(0, middle)), this.#of(all.slice(middle))];
  }

  #all(): number[] {
    return [...this.change.rows.keys()];
  }

  #of(rows: readonly number[]): Piece {
    return new Piece({ ...this.change, rows: rows.map(row => this.change.rows[row]!) }, this.placesOf(rows));
  }
}

/** Such transactions wait as long as it takes, and look rows up by index even if the table was empty at first. */
const settings = 'SET LOCAL lock_timeout = 0; SET LOCAL enable_seqscan = off';

/**
 * They go one after the other for each entity, on all instances: two that met the same rows in different order would wait
 * for each other for ever.
 */
async function takeTurn({ session, signal }: BulkSession, { table }: Entity): Promise<void> {
  await session.query(settings);
  await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`import ${table}`], {
    signal,
  });
}
