// The public view of an API key.

import * as v from 'valibot';
import { textOrNull, timeOrNull } from '../../http/rest/fields.ts';
import type { Immutable } from '../../http/rest/immutable.ts';

/** What may be shown of an API key. */
export const keySummary = v.object({
  id: v.string(),
  prefix: v.pipe(v.string(), v.description('The start of the key.')),
  lastFour: v.string(),
  name: v.string(),
  owner: v.pipe(v.string(), v.description('The e-mail address of its owner.')),
  userId: v.string(),
  scopes: v.array(v.string()),
  state: v.pipe(
    v.picklist(['active', 'expiring', 'expired', 'revoked']),
    v.description('`expiring`: active, but expires soon.'),
  ),
  warning: v.pipe(textOrNull(), v.description('A problem that needs attention: the key expires soon.')),
  createdAt: v.date(),
  expiresAt: timeOrNull(),
  lastUsedAt: timeOrNull(),
  lastUsedIp: textOrNull(),
  revokedAt: timeOrNull(),
  madeBy: v.pipe(
    textOrNull(),
    v.description('The kind of credential that created it; `server`: the command line; null: unknown.'),
  ),
  appId: v.pipe(textOrNull(), v.description('The app that created it, and with whose access it ends.')),
  replaces: v.pipe(textOrNull(), v.description('The ID of the key that this one replaced.')),
  replacedBy: v.pipe(textOrNull(), v.description('The ID of the key that replaced this one.')),
});

/** `key` is the only copy: it cannot be shown again. */
export const createdKey = v.object({
  ...v.pick(keySummary, ['id', 'name', 'owner', 'scopes', 'lastFour', 'expiresAt', 'replaces']).entries,
  key: v.pipe(v.string(), v.description('The only copy: it cannot be shown again.')),
});

export type KeySummary = Immutable<v.InferOutput<typeof keySummary>>;
export type CreatedKey = Immutable<v.InferOutput<typeof createdKey>>;

type KeyState = KeySummary['state'];

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
