import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/generated/client/client.ts';
import type { LiveChanges } from './live-changes.ts';
import type { PlatformServices } from './platform-services.ts';

/** What resolvers are given: who asks, and the reads of the operation, prepared before it runs. */
export interface GraphqlContext {
  readonly principal: Principal;
  readonly request: Incoming;
  readonly requestId: string;
  /** What the platform's own fields are answered by. Absent where no server stands behind the schema. */
  readonly services: PlatformServices;
  readonly prisma: PrismaClient;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Absent where no database stands behind the schema. */
  readonly live?: LiveChanges;
  /** Looks again at the credential of the request. @throws as `Auth.authenticate` does */
  readonly authenticate: () => Promise<Principal>;
  /** @param key the response key of a root field @returns its value, parsed from what the engine answers */
  readonly answerRoot: (key: string) => Promise<unknown>;
}
