// The platform's own part of the GraphQL schema, a line for each table.

import type { PlatformPart } from '../../src/graphql/builder.ts';
import { apiKeys } from './api-key.ts';
import { auditEvents } from './audit-event.ts';

export const platform: readonly PlatformPart[] = [apiKeys, auditEvents];
