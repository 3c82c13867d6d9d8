// Every column that holds sealed values. A new one is one entry here: then its values move to new peppers and keys too.

import { uuidSource } from '../base/uuid.ts';
import { systemOwner } from './system-owner.ts';

export interface SealedColumn {
  /** Bound into every sealed value, so it never changes, whatever the table is called now. */
  readonly table: string;
  /** The table, as SQL. */
  readonly storedIn: string;
  readonly column: string;
  /** The primary key's one column. */
  readonly key: string;
  /** What such a key looks like. */
  readonly keyForm: RegExp;
  /** SQL for the owner's id, a uuid; the row is `t`. */
  readonly owner: string;
}

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'portolan_api_key',
    storedIn: '"portolan"."api_key"',
    column: 'sealed',
    key: 'id',
    keyForm: /^[0-9A-Za-z]{12}$/,
    owner: 't."userId"',
  },
  {
    table: 'portolan_app_secret',
    storedIn: '"portolan"."app_secret"',
    column: 'sealed',
    key: 'id',
    keyForm: new RegExp(`^${uuidSource}$`),
    owner: '(SELECT a."ownerId" FROM "portolan"."oauth_app" a WHERE a."id" = t."appId")',
  },
  {
    table: 'portolan_signing_key',
    storedIn: '"portolan"."signing_key"',
    column: 'sealed',
    key: 'kid',
    keyForm: /^[\w-]{1,64}$/,
    owner: `'${systemOwner}'::uuid`,
  },
];
