// What the services for people are made of.

import type { Audit } from '../../audit/create-audit.ts';
import type { Passwords } from '../../auth/passwords.ts';
import { grantedScopes } from '../../auth/scopes/granted-scopes.ts';
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
import type { Attempts } from './attempts.ts';
import type { Links } from './links.ts';
import type { Mailer } from './mailer.ts';

export interface PeopleParts {
  readonly prisma: PrismaClient;
  readonly config: Pick<Config, 'publicUrl' | 'people'>;
  readonly log: Logger;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly links: Links;
  /** undefined where no mail server is configured. */
  readonly mailer: Mailer | undefined;
  readonly attempts: Attempts;
  readonly trail: Pick<Audit, 'record'>;
  /** The catalog's. */
  readonly knownScopes: readonly string[];
}

/** Who manages somebody. */
export interface By {
  /** undefined: whoever runs the server, at its command line. */
  readonly principal?: Principal;
  readonly request?: Incoming;
}

/** @throws SCOPE_MISSING */
export function requireAdmin({ principal }: By): void {
  if (principal) requireAdminFor('Managing people', principal);
}

/**
 * Nobody hands out more than they have, nor gets into an account that may do more than theirs.
 * @param before what the person has anyway, and so is not handed out
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
  const given = ownedScopes(standing, known).filter(scope => !coversScope(had, scope));
  requireScopes(principal.scopes, given, 'Your own credential');
}

/**
 * Whoever gets into an account, or opens it again, has in their hands its apps, too, and what users allow these.
 * @throws SCOPE_MISSING
 */
export async function requireAccount(
  by: By,
  person: Standing & { readonly id: string },
  { prisma, knownScopes }: Pick<PeopleParts, 'prisma' | 'knownScopes'>,
): Promise<void> {
  if (!by.principal) return;
  const granted = await grantedScopes(prisma, { ownerId: person.id });
  const ofApps = granted.filter(scope => knownScopes.includes(scope));
  requireAsMuch(by, { role: person.role, scopes: [...person.scopes, ...ofApps] }, knownScopes);
}

export const unknownPerson = (): Fault =>
  fault('NOT_FOUND', 'There is no such person.', { target: 'id', hint: 'GET /api/users lists them.' });

/** @returns whether it can be an id at all: anything else makes the database complain */
export const isId = (text: string): boolean => isUuid(text);

/** The server as people know it, for letters. */
export const hostOf = ({ publicUrl }: Pick<Config, 'publicUrl'>): string =>
  URL.parse(publicUrl)?.host ?? publicUrl;
