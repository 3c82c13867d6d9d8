import type { PrismaClient } from '../../../prisma/generated/client/client.ts';
import type { Principal } from '../../auth/principal.ts';
import type { Params } from './params.ts';

/** What the plugins are handed of one request. */
export interface Call {
  readonly params: Params;
  readonly principal: Principal;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Whether the answer can be written in a type that the caller accepts. */
  readonly acceptable: boolean;
  readonly prisma: PrismaClient;
  /** Lists that the default `take` cut, filled in while the operation runs. */
  readonly truncated: string[];
}
