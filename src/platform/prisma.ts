import { PrismaPg } from '@prisma/adapter-pg';
import type { Database } from '../base/database/database.ts';
import { PrismaClient } from './generated/client/client.ts';

export type { PrismaClient } from './generated/client/client.ts';

/**
 * The Prisma client of the platform's own tables, over the database's own connections; `$disconnect` leaves them open. Inside an interactive transaction use only
 * its client: on the embedded database there is one connection, which the transaction holds.
 */
export const createPrisma = (database: Pick<Database, 'pool'>): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg(database.pool) });
