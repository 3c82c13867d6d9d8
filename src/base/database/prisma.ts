import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../prisma/generated/client/client.ts';
import type { Database } from './database.ts';

export type { PrismaClient } from '../../../prisma/generated/client/client.ts';

/**
 * Prisma over the database's own connections; `$disconnect` leaves them open. Inside an interactive transaction use only
 * its client: on the embedded database there is one connection, which the transaction holds.
 */
export const createPrisma = (database: Pick<Database, 'pool'>): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg(database.pool) });
