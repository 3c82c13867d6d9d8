// Dependencies and checks that the user services share.

import type { Audit } from '../../audit/create-audit.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { ownedScopes, type Standing } from '../../auth/scopes/roles.ts';
import { coversScope, requireScopes } from '../../auth/scopes/scopes.ts';
import type { Sessions } from '../../auth/sessions/sessions.ts';
import type { Config } from '../../base/config/config.ts';
import { type Fault, fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Principal } from '../../base/principal.ts';
import { requireAdminFor } from '../../base/require-admin.ts';
import { isUuid } from '../../base/uuid.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { grantedScopes } from '../../platform/tables/app-grants.ts';
import type { Attempts } from './attempts.ts';
import type { Links } from './links.ts';
import type { Mailer } from './mailer.ts';

export interface UserDeps {
  readonly prisma: PrismaClient;
  readonly config: Pick<Config, 'publicUrl' | 'users'>;
  readonly log: Logger;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly links: Links;
  /** undefined if no mail server is configured. */
  readonly mailer: Mailer | undefined;
  readonly attempts: Attempts;
  readonly audit: Pick<Audit, 'record'>;
  /** All scopes of the catalog. */
  readonly knownScopes: readonly string[];
}

/** Who performs an action on a user. */
export interface By {
  /** undefined: the operator, at the command line. */
  readonly principal?: Principal;
  readonly request?: Incoming;
}

/** @throws SCOPE_MISSING */
export function requireAdmin({ principal }: By): void {
  if (principal) requireAdminFor('Managing users', principal);
}

/**
 * Callers cannot grant more than they have, nor take over an account that has more.
 * @param before what the user has already, and so is not granted now
 * @throws SCOPE_MISSING
 */
export function requireAsMuch(
  { principal }: By,
  standing: Standing,
  known: readonly string[],
  before?: Standing,
): void {
  if (!principal) return;
  const had = new Set(before ? ownedScopes(before, known) : []);
  const granted = ownedScopes(standing, known).filter(scope => !coversScope(had, scope));
  requireScopes(principal.scopes, granted, 'Your own credential');
}

/**
 * Taking over or enabling an account also gives control of its apps, and of what users allowed them to do.
 * @throws SCOPE_MISSING
 */
export async function requireAccount(
  by: By,
  user: Standing & { readonly id: string },
  { prisma, knownScopes }: Pick<UserDeps, 'prisma' | 'knownScopes'>,
): Promise<void> {
  if (!by.principal) return;
  const granted = await grantedScopes(prisma, { ownerId: user.id });
  const ofApps = granted.filter(scope => knownScopes.includes(scope));
  requireAsMuch(by, { role: user.role, scopes: [...user.scopes, ...ofApps] }, knownScopes);
}

export const unknownUser = (): Fault =>
  fault('NOT_FOUND', 'This user does not exist.', { target: 'id', hint: 'List users with GET /api/users.' });

/** The database rejects anything that is not a UUID. */
export const isId = (text: string): boolean => isUuid(text);

/** The server's host name, for e-mails. */
export const hostOf = ({ publicUrl }: Pick<Config, 'publicUrl'>): string =>
  URL.parse(publicUrl)?.host ?? publicUrl;
