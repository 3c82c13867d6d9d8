// An import as the API shows it.

import { hasEnded, type StoredImport } from './stored-import.ts';

/** @returns the state, counts, speed and estimated end of an import */
export function toView(one: StoredImport, now = Date.now()) {
  const { id, state, background, entity, fileName, options, problem } = one;
  const { bytes, bytesRead, rows, inserted, updated, failed } = one;
  return {
    ...{ id, state, async: background, entity, fileName },
    mode: options.mode?.toLowerCase() || 'upsert',
    onError: options.onError?.toLowerCase() || 'refuse',
    by: { credential: one.principal, name: one.name, userId: one.userId, appId: one.appId },
    ...{ bytes, bytesRead, rows, imported: inserted + updated, inserted, updated, failed },
    ...speedOf(one, now),
    ...(problem && { error: problem }),
    createdAt: one.createdAt,
    startedAt: one.startedAt,
    endedAt: one.endedAt,
    ...(failed > 0 && background && { errorsUrl: `/api/imports/${id}/errors` }),
  };
}

export type ImportView = ReturnType<typeof toView>;

function speedOf({ state, startedAt, endedAt, rows, bytes, bytesRead }: StoredImport, now: number) {
  if (startedAt === null) return {};
  const seconds = Math.max(0.001, ((endedAt?.getTime() ?? now) - startedAt.getTime()) / 1000);
  const rowsPerSecond = Math.round(rows / seconds);
  if (hasEnded(state) || bytesRead === 0) return { rowsPerSecond };
  const secondsLeft = (seconds / bytesRead) * Math.max(0, bytes - bytesRead);
  return { rowsPerSecond, estimatedEnd: new Date(now + secondsLeft * 1000) };
}
