// The platform's part of the GraphQL schema, one line per table.

import type { PlatformPart } from '../model/builder.ts';
import { apiKeys } from './api-key.ts';
import { auditEvents } from './audit-event.ts';
import { mappers } from './mapper.ts';
import { me } from './me.ts';
import { oauthApps } from './oauth-app.ts';
import { developers, oauthGrants } from './oauth-grant.ts';
import { mySessions } from './session.ts';
import { users } from './user.ts';

export const platform: readonly PlatformPart[] = [
  me,
  apiKeys,
  auditEvents,
  users,
  mySessions,
  developers,
  oauthApps,
  oauthGrants,
  mappers,
];
