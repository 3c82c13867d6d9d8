import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/generated/client/client.ts';
import type { LiveChanges } from './live-changes.ts';
import type { PlatformServices } from './platform-services.ts';

/** The context of resolvers: the principal, and the operation's reads, which are prepared before it runs. */
export interface GraphqlContext {
  readonly principal: Principal;
  readonly request: Incoming;
  readonly requestId: string;
  /** The services behind the platform's fields. Absent if the schema is used without a server. */
  readonly services: PlatformServices;
  readonly prisma: PrismaClient;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** Absent if the schema is used without a database. */
  readonly live?: LiveChanges;
  /** Authenticates the request again. @throws as `Auth.authenticate` does */
  readonly authenticate: () => Promise<Principal>;
  /** @param key the response key of a root field @returns its value, parsed from the engine's JSON */
  readonly answerRoot: (key: string) => Promise<unknown>;
}
