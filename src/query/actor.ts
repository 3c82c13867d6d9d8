// Who changes: the change log's triggers read it from the transaction.

import type { Principal } from '../auth/principal.ts';
import type { TransactionOptions } from '../base/database.ts';

/** The setting of a transaction that says who writes. */
export const actorSetting = 'portolan.actor';

/** @returns JSON: `{"principal":"key:AB12…","userId":"…"}` */
export const actorText = ({ kind, id, userId }: Principal): string =>
  JSON.stringify({ principal: `${kind}:${id}`, userId });

/** @returns the options of a transaction in which a principal writes */
export const writtenBy = (principal: Principal): TransactionOptions => ({
  settings: { [actorSetting]: actorText(principal) },
});
