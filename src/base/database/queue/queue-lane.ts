// What the queue knows of one credential.

import type { Fault } from '../../errors.ts';

/** A credential without requests for this long counts as idle. */
const activeMs = 1_000;

/** Whether a connection was taken or given back, and when that was last looked at. */
export interface Movement {
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

export interface Waiter {
  readonly since: number;
  readonly granted: Granted;
}

/** @param lane to be given back to `leave`; where there is a refusal, nothing was taken */
export type Granted = (refusal: Fault | undefined, lane: Lane) => void;

export const newLane = (name: string): Lane => ({
  name,
  held: 0,
  waiting: [],
  moved: true,
  movedAt: 0,
  refusedUntil: 0,
  takenAt: Number.NEGATIVE_INFINITY,
  meanMs: 0,
  restsUntil: 0,
});

/** Whether another credential is at work, or wants to be, that has to rest less. */
export const goesBefore = (one: Lane, lane: Lane, now: number): boolean =>
  one.restsUntil < lane.restsUntil && isActive(one, now);

/** The server's own work does not count. */
export const isActive = (lane: Lane, now: number): boolean =>
  lane.name !== '' && (lane.waiting.length > 0 || now - lane.takenAt < activeMs);

/** Notes when something was last taken or given back. */
export function look(movement: Movement, now: number): void {
  if (!movement.moved) return;
  movement.moved = false;
  movement.movedAt = now;
}

/** Lets a credential ask again once its time is over. */
export function endRefusal(lane: Lane): void {
  if (lane.refusedUntil <= performance.now()) lane.refusedUntil = 0;
}
