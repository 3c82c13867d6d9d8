import type { PrismaClient } from '../../prisma/generated/client/client.ts';
import type { Principal } from '../auth/principal.ts';

/** What resolvers are given: who asks, and the reads of the operation, prepared before it runs. */
export interface GraphqlContext {
  readonly principal: Principal;
  readonly requestId: string;
  readonly prisma: PrismaClient;
  /** @param key the response key of a root field @returns its value, parsed from what the engine answers */
  readonly answerRoot: (key: string) => Promise<unknown>;
}
