// The public view of an API key.

/** `expiring`: active, but expires soon. */
type KeyState = 'active' | 'expiring' | 'expired' | 'revoked';

export interface KeySummary {
  readonly id: string;
  /** The start of the key. */
  readonly prefix: string;
  readonly lastFour: string;
  readonly name: string;
  /** The e-mail address of its owner. */
  readonly owner: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly state: KeyState;
  /** A problem that needs attention: the key expires soon. */
  readonly warning: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: Date | null;
  /** The kind of credential that created it; `server`: the command line; null: unknown. */
  readonly madeBy: string | null;
  /** The app that created it, and with whose access it ends. */
  readonly appId: string | null;
  /** The id of the key that this one replaced. */
  readonly replaces: string | null;
  /** The id of the key that replaced this one. */
  readonly replacedBy: string | null;
}

/** A new key. `key` is the only copy: it cannot be shown again. */
export type CreatedKey = Pick<
  KeySummary,
  'id' | 'name' | 'owner' | 'scopes' | 'lastFour' | 'expiresAt' | 'replaces'
> & {
  readonly key: string;
};

/** The columns of a summary. */
export interface ShownRow {
  readonly id: string;
  readonly name: string;
  readonly lastFour: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: Date | null;
  readonly madeBy: string | null;
  readonly appId: string | null;
  readonly replaces: string | null;
  readonly user: { readonly email: string };
}

const dayMs = 86_400_000;
const soonMs = 14 * dayMs;

/** @param replacedBy the id of the key that replaced this one */
export function toSummary(
  { user, ...row }: ShownRow,
  replacedBy: string | null,
  now = Date.now(),
): KeySummary {
  const state = stateOf(row, now);
  const { id, lastFour, name, userId, scopes, createdAt, expiresAt, lastUsedAt } = row;
  return {
    id,
    prefix: `pk_${id}`,
    lastFour,
    name,
    owner: user.email,
    userId,
    scopes,
    state,
    warning: warningOf(state, row, replacedBy, now),
    createdAt,
    expiresAt,
    lastUsedAt,
    lastUsedIp: row.lastUsedIp,
    revokedAt: row.revokedAt,
    madeBy: row.madeBy,
    appId: row.appId,
    replaces: row.replaces,
    replacedBy,
  };
}

function stateOf({ expiresAt, revokedAt }: Pick<ShownRow, 'expiresAt' | 'revokedAt'>, now: number): KeyState {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'active';
  const left = expiresAt.getTime() - now;
  return left <= 0 ? 'expired' : left <= soonMs ? 'expiring' : 'active';
}

function warningOf(
  state: KeyState,
  { expiresAt, lastUsedAt }: Pick<ShownRow, 'expiresAt' | 'lastUsedAt'>,
  replacedBy: string | null,
  now: number,
): string | null {
  if (state !== 'expiring' || !expiresAt) return null;
  const when = `It expires ${timeUntil(expiresAt.getTime() - now)}`;
  if (replacedBy === null) return `${when}.`;
  const used = lastUsedAt && now - lastUsedAt.getTime() < dayMs;
  return used ? `${when}, was replaced, and is still in use.` : `${when}: it was replaced.`;
}

function timeUntil(leftMs: number): string {
  const days = Math.floor(leftMs / dayMs);
  if (days >= 1) return days === 1 ? 'in a day' : `in ${days} days`;
  const hours = Math.floor(leftMs / 3_600_000);
  return hours < 1 ? 'within the hour' : hours === 1 ? 'in an hour' : `in ${hours} hours`;
}
