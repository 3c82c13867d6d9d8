// Who made a change. The change log's triggers read it from a setting of the transaction.

import type { TransactionOptions } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';

export const actorSetting = 'portolan.actor';

/**
 * @param via what wrote on behalf of the principal: `import`
 * @returns JSON: `{"principal":"key:AB12…","userId":"…","via":"import"}`, with `"app"` where it was an app for its user
 */
export const actorText = ({ kind, id, userId, appId, origin }: Principal, via?: string): string =>
  JSON.stringify({ principal: `${kind}:${id}`, userId, app: appId ?? origin?.appId, via });

/** @returns the options of a transaction in which a principal writes */
export const writtenBy = (principal: Principal, via?: string): TransactionOptions => ({
  settings: { [actorSetting]: actorText(principal, via) },
});
