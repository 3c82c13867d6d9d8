import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/generated/client/client.ts';
import type { LiveChanges } from '../model/live-changes.ts';
import type { PlatformServices } from '../model/platform-services.ts';
import type { Params } from './params.ts';

/** What the plugins know about a request. */
export interface Call {
  readonly params: Params;
  readonly principal: Principal;
  readonly request: Incoming;
  readonly requestId: string;
  readonly services?: PlatformServices;
  readonly signal: AbortSignal;
  /** Whether the caller accepts a media type that the server can produce. */
  readonly acceptable: boolean;
  readonly prisma: PrismaClient;
  readonly live?: LiveChanges;
  /** Authenticates the request again. */
  readonly authenticate: () => Promise<Principal>;
  /** Whether the client accepts server-sent events. */
  readonly acceptsStream: boolean;
  /** The results of a subscription, once it runs. */
  results?: AsyncIterator<ExecutionResult>;
  /** Lists cut off by the default `take`; filled in while the operation runs. */
  readonly truncated: string[];
}
