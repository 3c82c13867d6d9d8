// Which request gets a connection next. A credential takes none while it holds as many as are free: alone it gets half of
// them, and there is always one left for the next credential. One whose statements are slow leaves three times as many free
// while others work. Waiting requests are served in turn, credential by credential.

import type { Fault } from '../../errors.ts';
import { busy, full, slow } from './queue-faults.ts';

export interface QueueOptions {
  /** Connections. */
  readonly size: number;
  /** The longest wait. */
  readonly waitMaxMs: number;
  /** If nothing moves for this long, all waiting requests are rejected. */
  readonly stallMs: number;
  /**
   * A credential that held a connection for long pauses for this multiple of the time while others work. For one connection, of
   * which there is never another that is free.
   */
  readonly restFactor?: number;
}

/** Requests of one credential that wait. */
const waitersMax = 1_000;
const sweepMs = 50;
/** A statement that takes longer is slow. */
const slowMs = 20;
/** How many free connections a slow credential needs for each that it holds. */
const slowWeight = 3;
/** How much the last statement counts in the mean of a credential. */
const lastShare = 0.1;
const restMaxMs = 5_000;
/** A credential without requests for this long counts as idle. */
const activeMs = 1_000;
/** Credentials that are remembered before those without work are forgotten. */
const lanesMax = 1_000;

/** Whether a connection was taken or given back, and when that was last looked at. */
interface Movement {
  moved: boolean;
  /** By `performance.now()`. */
  movedAt: number;
}

/** One credential's part; '' is the server's own work, which is neither bounded nor refused. */
export interface Lane extends Movement {
  readonly name: string;
  held: number;
  readonly waiting: Waiter[];
  /** 0 where nothing is refused. */
  refusedUntil: number;
  /** When the last connection was taken. */
  takenAt: number;
  /** How long connections are held: the moving average, in milliseconds. */
  meanMs: number;
  restsUntil: number;
}

interface Waiter {
  readonly since: number;
  readonly granted: Granted;
}

/** @param lane to be given back to `leave`; where there is a refusal, nothing was taken */
export type Granted = (refusal: Fault | undefined, lane: Lane) => void;

export class ConnectionQueue {
  readonly #options: QueueOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Those with waiters, the next to be served first. */
  readonly #ready = new Set<Lane>();
  readonly #all: Movement = { moved: false, movedAt: 0 };
  #free: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#free = options.size;
  }

  /** Calls `granted` once: immediately if a connection is free and no request of the same credential waits. */
  enter(name: string | undefined, granted: Granted): void {
    const lane = this.#laneOf(name ?? '');
    if (lane.refusedUntil > 0) endRefusal(lane);
    if (lane.waiting.length === 0 && this.#mayTake(lane)) {
      this.#take(lane);
      granted(undefined, lane);
    } else {
      this.#wait(lane, granted);
    }
  }

  /** @param ms how long the connection was used; the time to open it does not count against the credential */
  leave(lane: Lane, ms: number): void {
    lane.held--;
    this.#free++;
    lane.meanMs += (ms - lane.meanMs) * lastShare;
    if (this.#options.restFactor) this.#rest(lane, ms * this.#options.restFactor);
    lane.moved = true;
    this.#all.moved = true;
    if (this.#ready.size > 0) this.#serve();
  }

  /** Refuses all that a credential asks for, for a while. */
  refuseFor(lane: Lane, ms: number): void {
    if (lane.name === '') return;
    lane.refusedUntil = performance.now() + ms;
    this.#ready.delete(lane);
    for (const { granted } of lane.waiting.splice(0)) granted(slow(ms), lane);
  }

  /** @returns a credential that has a connection, other than the server itself */
  holder(): Lane | undefined {
    for (const lane of this.#lanes.values()) if (lane.held > 0 && lane.name !== '') return lane;
    return undefined;
  }

  /** @param lane those of which do not count @returns how long the longest waiter has been waiting */
  waitingMs(lane?: Lane): number {
    const now = performance.now();
    let since = now;
    for (const one of this.#ready) if (one !== lane) since = Math.min(since, one.waiting[0]!.since);
    return now - since;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #wait(lane: Lane, granted: Granted): void {
    const now = performance.now();
    const refusal = this.#refusalAtOnce(lane, now);
    if (refusal) {
      granted(refusal, lane);
      return;
    }
    lane.waiting.push({ since: now, granted });
    this.#ready.add(lane);
    this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
  }

  #mayTake(lane: Lane): boolean {
    if (lane.name === '') return this.#free > 0;
    return lane.held * this.#weight(lane) < this.#free && lane.refusedUntil === 0 && !this.#rests(lane);
  }

  #weight(lane: Lane): number {
    if (lane.held === 0 || lane.meanMs <= slowMs) return 1;
    const now = performance.now();
    for (const one of this.#lanes.values()) if (one !== lane && isActive(one, now)) return slowWeight;
    return 1;
  }

  #rest(lane: Lane, ms: number): void {
    if (ms <= slowMs * this.#options.restFactor! || lane.name === '') return;
    lane.restsUntil = performance.now() + Math.min(ms, restMaxMs);
  }

  #rests(lane: Lane): boolean {
    if (lane.restsUntil === 0) return false;
    const now = performance.now();
    if (lane.restsUntil <= now) lane.restsUntil = 0;
    else for (const one of this.#lanes.values()) if (goesBefore(one, lane, now)) return true;
    return false;
  }

  #take(lane: Lane): void {
    this.#free--;
    lane.held++;
    lane.moved = true;
    lane.takenAt = performance.now();
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known) return known;
    if (this.#lanes.size >= lanesMax) this.#forgetIdle();
    const never = Number.NEGATIVE_INFINITY;
    const lane: Lane = {
      name,
      held: 0,
      waiting: [],
      moved: true,
      movedAt: 0,
      refusedUntil: 0,
      takenAt: never,
      meanMs: 0,
      restsUntil: 0,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const [name, { held, waiting, refusedUntil }] of this.#lanes)
      if (held === 0 && waiting.length === 0 && refusedUntil < now) this.#lanes.delete(name);
  }

  /** A credential that was served and has more requests moves to the end of the queue. */
  #serve(): void {
    for (const lane of this.#ready) {
      if (this.#free === 0) return;
      if (!this.#mayTake(lane)) continue;
      this.#take(lane);
      const { granted } = lane.waiting.shift()!;
      this.#ready.delete(lane);
      if (lane.waiting.length > 0) this.#ready.add(lane);
      granted(undefined, lane);
    }
  }

  #refusalAtOnce(lane: Lane, now: number): Fault | undefined {
    if (lane.name === '') return undefined;
    if (lane.refusedUntil > 0) return slow(lane.refusedUntil - now);
    if (lane.waiting.length >= waitersMax || this.#isStalled(lane, now)) return this.#refusal(lane);
    return undefined;
  }

  /** A credential that holds nothing waits for all the others. */
  #isStalled(lane: Lane, now: number, since = 0): boolean {
    const movement = lane.held > 0 ? lane : this.#all;
    look(movement, now);
    return now - Math.max(since, movement.movedAt) > this.#options.stallMs;
  }

  /** Either the credential's own requests are in its way, or everybody's. */
  #refusal(lane: Lane): Fault {
    return lane.held > 0 && this.#free > 0 ? busy(lane.held) : full();
  }

  #sweep(): void {
    const now = performance.now();
    for (const lane of this.#ready) {
      if (lane.name === '') continue;
      const isLate = ({ since }: Waiter) =>
        now - since > this.#options.waitMaxMs || this.#isStalled(lane, now, since);
      while (lane.waiting.length > 0 && isLate(lane.waiting[0]!))
        lane.waiting.shift()!.granted(this.#refusal(lane), lane);
      if (lane.waiting.length === 0) this.#ready.delete(lane);
    }
    this.#serve();
    if (this.#ready.size === 0) this.stop();
  }
}

/** Whether another credential is at work, or wants to be, that has to rest less. */
const goesBefore = (one: Lane, lane: Lane, now: number): boolean =>
  one.restsUntil < lane.restsUntil && isActive(one, now);

/** The server's own work does not count. */
const isActive = (lane: Lane, now: number): boolean =>
  lane.name !== '' && (lane.waiting.length > 0 || now - lane.takenAt < activeMs);

function look(movement: Movement, now: number): void {
  if (!movement.moved) return;
  movement.moved = false;
  movement.movedAt = now;
}

function endRefusal(lane: Lane): void {
  if (lane.refusedUntil <= performance.now()) lane.refusedUntil = 0;
}
