// API keys created by apps: they stop working when the app loses the access that it created them with.

import type { Origin, Principal } from '../../base/principal.ts';

interface OriginColumns {
  readonly appId?: string | null;
  readonly grantId?: string | null;
  readonly familyId?: string | null;
}

/** @returns undefined for a key that no app created */
export function originOf({ appId, grantId, familyId }: OriginColumns): Origin | undefined {
  if (appId == null) return undefined;
  return { appId, grantId: grantId ?? undefined, familyId: familyId ?? undefined };
}

/**
 * The columns that record where a key comes from. A key created by an app ends with the app's access, even if it replaces a
 * user's own key; a key that replaces an app's key still belongs to the app.
 */
export function toOriginColumns(principal: Principal | undefined, replaced?: OriginColumns) {
  const origin = principal?.origin ?? (replaced && originOf(replaced));
  return {
    madeBy: principal?.kind ?? 'server',
    appId: origin?.appId ?? null,
    grantId: origin?.grantId ?? null,
    familyId: origin?.familyId ?? null,
  };
}
