// Creates the services for users.

import type { Audit } from '../../audit/create-audit.ts';
import type { Auth } from '../../auth/create-auth.ts';
import type { Config } from '../../base/config/config.ts';
import type { Logger } from '../../base/log.ts';
import type { CreateLimiter } from '../../base/memory/rate-limiter.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { createAttempts } from './attempts.ts';
import type { UserDeps } from './deps.ts';
import { createExternalUsers, type ExternalUsers } from './external-users.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createLinks } from './links.ts';
import { createMailer } from './mailer.ts';
import { createPasswordService, type PasswordService } from './password-service.ts';
import { createProvider, type Provider } from './provider.ts';
import { createRegistration, type Registration } from './registration.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createUsers, type Users } from './users.ts';

export interface UserServices {
  readonly users: Users;
  readonly invitations: Invitations;
  readonly passwords: PasswordService;
  readonly registration: Registration;
  readonly signIn: SignIn;
  /** Sign-in with an OpenID provider, if one is configured. */
  readonly external?: { readonly provider: Provider; readonly users: ExternalUsers };
  /** All scopes that can be granted. */
  readonly scopes: readonly string[];
  /** Whether e-mails can be sent. */
  readonly hasMail: boolean;
  /** Deletes links in e-mails that expired long ago. @returns false: nothing is left */
  clearLinks(): Promise<boolean>;
  /** Waits for e-mails that are being sent. */
  close(): Promise<void>;
}

export interface UserServicesDeps {
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly log: Logger;
  readonly auth: Pick<Auth, 'sessions' | 'passwords'>;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly audit: Pick<Audit, 'record'>;
  readonly createLimiter: CreateLimiter;
}

export function createUserServices({
  prisma,
  config,
  log,
  auth,
  catalog,
  audit,
  createLimiter,
}: UserServicesDeps): UserServices {
  const mailer = createMailer(config.users.mail, log);
  const deps: UserDeps = {
    prisma,
    config,
    log,
    mailer,
    sessions: auth.sessions,
    passwords: auth.passwords,
    links: createLinks({ prisma, publicUrl: config.publicUrl }),
    attempts: createAttempts(createLimiter),
    audit,
    knownScopes: catalog.scopes,
  };
  const passwords = createPasswordService(deps);
  const registration = createRegistration(deps);
  return {
    passwords,
    registration,
    users: createUsers(deps),
    invitations: createInvitations(deps),
    signIn: createSignIn(deps),
    external: createExternal(deps),
    scopes: catalog.scopes,
    hasMail: mailer !== undefined,
    async clearLinks() {
      await deps.links.clear();
      return false;
    },
    async close() {
      await passwords.close();
      await registration.close();
      await mailer?.close();
    },
  };
}

function createExternal(deps: UserDeps): UserServices['external'] {
  const { provider, publicUrl } = { ...deps.config.users, publicUrl: deps.config.publicUrl };
  if (!provider) return undefined;
  const options = { providerName: provider.name, newAccounts: provider.newAccounts };
  return {
    provider: createProvider(provider, publicUrl, deps.log),
    users: createExternalUsers(deps, options),
  };
}
