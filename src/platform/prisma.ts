import { PrismaPg } from '@prisma/adapter-pg';
import type { Database } from '../base/database/database.ts';
import { PrismaClient } from './generated/client/client.ts';

export type { PrismaClient } from './generated/client/client.ts';

/** The client of an interactive transaction. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/**
 * The Prisma client for Portolan's own tables. It uses the database's connections, which `$disconnect` leaves open. Inside
 * an interactive transaction use only its client: the embedded database has one connection, which the transaction holds.
 */
export const createPrisma = (database: Pick<Database, 'pool'>): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg(database.pool) });
