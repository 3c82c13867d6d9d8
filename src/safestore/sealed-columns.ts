// Every column that holds sealed values. Add a new one here, so that rotation reseals its values too.

import { uuidSource } from '../base/uuid.ts';
import { ownerOfApp } from '../platform/tables/oauth-apps.ts';
import { tableSql } from '../platform/tables/table-name.ts';
import { systemOwner } from './system-owner.ts';

export interface SealedColumn {
  /** Bound into every sealed value, so it never changes, even when the table is renamed. */
  readonly table: string;
  /** The table, as SQL. */
  readonly storedIn: string;
  readonly column: string;
  /** The single column of the primary key. */
  readonly key: string;
  /** The format of a key. */
  readonly keyForm: RegExp;
  /** SQL for the owner's id, a uuid, in terms of the row `t`. */
  readonly owner: string;
}

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'portolan_api_key',
    storedIn: tableSql('api_key'),
    column: 'sealed',
    key: 'id',
    keyForm: /^[0-9A-Za-z]{12}$/,
    owner: 't."userId"',
  },
  {
    table: 'portolan_app_secret',
    storedIn: tableSql('app_secret'),
    column: 'sealed',
    key: 'id',
    keyForm: new RegExp(`^${uuidSource}$`),
    owner: ownerOfApp('t."appId"'),
  },
  {
    table: 'portolan_signing_key',
    storedIn: tableSql('signing_key'),
    column: 'sealed',
    key: 'kid',
    keyForm: /^[\w-]{1,64}$/,
    owner: `'${systemOwner}'::uuid`,
  },
];
