// Creates the services for users.

import type { Audit } from '../../audit/create-audit.ts';
import type { Auth } from '../../auth/create-auth.ts';
import type { Config } from '../../base/config/config.ts';
import type { Logger } from '../../base/log.ts';
import type { CreateLimiter } from '../../base/memory/rate-limiter.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { createAttempts } from './attempts.ts';
import { createExternalPeople, type ExternalPeople } from './external-people.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createLinks } from './links.ts';
import { createMailer } from './mailer.ts';
import type { PeopleParts as Inner } from './parts.ts';
import { createPasswordService, type PasswordService } from './password-service.ts';
import { createProvider, type Provider } from './provider.ts';
import { createRegistration, type Registration } from './registration.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createUsers, type Users } from './users.ts';

export interface People {
  readonly users: Users;
  readonly invitations: Invitations;
  readonly passwords: PasswordService;
  readonly registration: Registration;
  readonly signIn: SignIn;
  /** Sign-in with an OpenID provider, if one is configured. */
  readonly external?: { readonly provider: Provider; readonly people: ExternalPeople };
  /** All scopes that can be granted. */
  readonly scopes: readonly string[];
  /** Whether e-mails can be sent. */
  readonly hasMail: boolean;
  /** Waits for e-mails that are being sent. */
  close(): Promise<void>;
}

export interface PeopleParts {
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly log: Logger;
  readonly auth: Pick<Auth, 'sessions' | 'passwords'>;
  readonly catalog: { readonly scopes: readonly string[] };
  readonly audit: Pick<Audit, 'record'>;
  readonly createLimiter: CreateLimiter;
}

export function createPeople({
  prisma,
  config,
  log,
  auth,
  catalog,
  audit,
  createLimiter,
}: PeopleParts): People {
  const mailer = createMailer(config.people.mail, log);
  const parts: Inner = {
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
  const passwords = createPasswordService(parts);
  const registration = createRegistration(parts);
  return {
    passwords,
    registration,
    users: createUsers(parts),
    invitations: createInvitations(parts),
    signIn: createSignIn(parts),
    external: createExternal(parts),
    scopes: catalog.scopes,
    hasMail: mailer !== undefined,
    async close() {
      await passwords.close();
      await registration.close();
      await mailer?.close();
    },
  };
}

function createExternal(parts: Inner): People['external'] {
  const { provider, publicUrl } = { ...parts.config.people, publicUrl: parts.config.publicUrl };
  if (!provider) return undefined;
  const options = { providerName: provider.name, newAccounts: provider.newAccounts };
  return {
    provider: createProvider(provider, publicUrl, parts.log),
    people: createExternalPeople(parts, options),
  };
}
