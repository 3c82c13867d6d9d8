import type { DescribeCaller } from '../../account/me.ts';
import type { Apps } from '../../apps/services/create-apps.ts';
import type { Audit } from '../../audit/create-audit.ts';
import type { Auth } from '../../auth/create-auth.ts';
import type { Mappers } from '../../mappers/services/create-mappers.ts';
import type { UserServices } from '../../users/services/create-user-services.ts';

/** The services behind the platform's fields: `context.services`. */
export interface PlatformServices extends Pick<UserServices, 'users' | 'invitations' | 'passwords'> {
  readonly me: DescribeCaller;
  readonly auth: Pick<Auth, 'keys' | 'sessions'>;
  readonly audit: Pick<Audit, 'record' | 'list'>;
  readonly apps: Apps;
  readonly mappers: Mappers;
}
