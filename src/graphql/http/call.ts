import type { ExecutionResult } from 'graphql';
import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/generated/client/client.ts';
import type { LiveChanges } from '../model/live-changes.ts';
import type { PlatformServices } from '../model/platform-services.ts';
import type { Params } from './params.ts';

/** What the plugins are handed of one request. */
export interface Call {
  readonly params: Params;
  readonly principal: Principal;
  readonly request: Incoming;
  readonly requestId: string;
  readonly services?: PlatformServices;
  readonly signal: AbortSignal;
  /** Whether the answer can be written in a type that the caller accepts. */
  readonly acceptable: boolean;
  readonly prisma: PrismaClient;
  readonly live?: LiveChanges;
  /** Looks again at the credential of the request. */
  readonly authenticate: () => Promise<Principal>;
  /** Whether the client takes server-sent events. */
  readonly acceptsStream: boolean;
  /** Of a subscription, once it runs. */
  results?: AsyncIterator<ExecutionResult>;
  /** Lists that the default `take` cut, filled in while the operation runs. */
  readonly truncated: string[];
}
