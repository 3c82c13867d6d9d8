import type { DescribeCaller } from '../../account/me.ts';
import type { Apps } from '../../apps/services/create-apps.ts';
import type { Audit } from '../../audit/create-audit.ts';
import type { Auth } from '../../auth/create-auth.ts';
import type { People } from '../../people/services/create-people.ts';

/** The services behind the platform's fields: `context.services`. */
export interface PlatformServices {
  readonly me: DescribeCaller;
  readonly auth: Pick<Auth, 'keys' | 'sessions'>;
  readonly audit: Pick<Audit, 'record' | 'list'>;
  readonly people: People;
  readonly apps: Apps;
}
