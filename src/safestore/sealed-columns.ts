// Every column that holds sealed values. A new one is one entry here: then its values move to new peppers and keys too.

import { systemOwner } from './system-owner.ts';

export interface SealedColumn {
  readonly table: string;
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
    ...{ table: 'portolan_api_key', column: 'sealed', key: 'id', keyForm: /^[0-9A-Za-z]{12}$/ },
    owner: 't."userId"',
  },
  {
    ...{
      table: 'portolan_app_secret',
      column: 'sealed',
      key: 'id',
      keyForm: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    },
    owner: '(SELECT a."ownerId" FROM "portolan_oauth_app" a WHERE a."id" = t."appId")',
  },
  {
    ...{ table: 'portolan_signing_key', column: 'sealed', key: 'kid', keyForm: /^[\w-]{1,64}$/ },
    owner: `'${systemOwner}'::uuid`,
  },
];
