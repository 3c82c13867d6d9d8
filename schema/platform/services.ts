import type { DescribeCaller } from '../../src/account/me.ts';
import type { Apps } from '../../src/apps/create-apps.ts';
import type { Audit } from '../../src/audit/create-audit.ts';
import type { Auth } from '../../src/auth/create-auth.ts';
import type { People } from '../../src/people/create-people.ts';

/** What answers the platform's own fields: `context.services`. */
export interface PlatformServices {
  readonly me: DescribeCaller;
  readonly auth: Pick<Auth, 'keys' | 'sessions'>;
  readonly audit: Pick<Audit, 'record' | 'list'>;
  readonly people: People;
  readonly apps: Apps;
}
