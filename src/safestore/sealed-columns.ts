// Every column that holds sealed values. A new one is one entry here: then its values move to new peppers and keys too.

import { systemOwner } from './system-owner.ts';

export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The primary key's one column. */
  readonly key: string;
  /** SQL for the owner's id, as text; the row is `t`. */
  readonly owner: string;
}

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'portolan_api_key', column: 'sealed', key: 'id', owner: 't."userId"::text' },
  {
    ...{ table: 'portolan_app_secret', column: 'sealed', key: 'id' },
    owner: '(SELECT a."ownerId"::text FROM "portolan_oauth_app" a WHERE a."id" = t."appId")',
  },
  { table: 'portolan_signing_key', column: 'sealed', key: 'kid', owner: `'${systemOwner}'` },
];
