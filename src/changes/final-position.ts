import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../base/database/database.ts';
import type { Entity } from '../catalog/catalog.ts';
import { ChangeHorizon } from './horizon.ts';

/** How often to look, and how many times, while transactions are writing. */
const settlePauseMs = 25;
const settleLooksMax = 40;

/**
 * @returns the id up to which the log of these entities is final: a statement that begins afterwards sees every change up to
 *   it, and none will be added; undefined if the transactions that were writing at first are still open after a second
 */
export async function finalPosition(
  session: Session,
  entities: readonly Entity[],
  signal?: AbortSignal,
): Promise<bigint | undefined> {
  const horizon = new ChangeHorizon();
  for (let looks = 0; looks < settleLooksMax; looks++) {
    if (looks > 0) await sleep(settlePauseMs, undefined, { signal });
    const reaches = await horizon.look(session, entities);
    const finals = [...reaches.values()].map(({ final }) => final);
    if (finals.every(final => final !== undefined)) return finals.reduce((a, b) => (a < b ? a : b));
  }
  return undefined;
}
