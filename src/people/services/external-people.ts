// Who somebody whom an OpenID provider vouches for is here.

import type { Role } from '../../auth/scopes/roles.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PeopleParts } from './parts.ts';
import { normalEmail, readEmail } from './person.ts';
import type { Claims } from './provider.ts';

export interface ExternalPeople {
  /**
   * Finds the account of an identity; where there is none yet, the one with the same address, which the provider must have
   * verified; and where accounts may be made that way, a new one.
   * @returns the person's id @throws INVALID_CREDENTIAL with what to do
   */
  resolve(claims: Claims, request: Incoming): Promise<string>;
}

export interface ExternalPeopleOptions {
  /** What the provider is called. */
  readonly providerName: string;
  /** The role of new accounts; undefined: none are made. */
  readonly newAccounts: Role | undefined;
}

export function createExternalPeople(parts: PeopleParts, options: ExternalPeopleOptions): ExternalPeople {
  const { prisma, trail } = parts;
  const { providerName, newAccounts } = options;

  async function resolve(claims: Claims, request: Incoming): Promise<string> {
    const { issuer, subject } = claims;
    const identity = await prisma.externalIdentity.findUnique({
      where: { issuer_subject: { issuer, subject } },
      include: { user: true },
    });
    if (identity) return able(identity.user);
    if (!claims.email) throw refused(`${providerName} does not say what your e-mail address is.`);
    if (!claims.emailVerified)
      throw refused(
        `${providerName} does not say that your e-mail address is verified. Verify it there first.`,
      );
    return link(claims, normalEmail(claims.email), request);
  }

  async function link(claims: Claims, email: string, request: Incoming): Promise<string> {
    const { issuer, subject } = claims;
    const user = (await find(email)) ?? (await create(claims, email, request));
    const id = able(user);
    // Whoever opened the account may have typed an address that is not theirs: they would keep its password.
    const opened = user.passwordHash !== null || user.identities.length > 0;
    if (opened && user.emailVerifiedAt === null)
      throw refused(
        'There is an account with your address, which nobody has proven yet. Ask an administrator.',
      );
    await prisma.externalIdentity.createMany({
      data: [{ issuer, subject, userId: id }],
      skipDuplicates: true,
    });
    await prisma.user.updateMany({
      where: { id, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date(Date.now()) },
    });
    await trail.record({ kind: 'identity.linked', userId: id, subject: id, request, details: { issuer } });
    return id;
  }

  const find = (email: string) => prisma.user.findUnique({ where: { email }, include: { identities: true } });

  async function create({ name }: Claims, given: string, request: Incoming) {
    if (!newAccounts)
      throw refused(`There is no account for ${given} here. Ask an administrator for an invitation.`);
    const email = readEmail(given);
    const data = { email, name: shortened(name), role: newAccounts, emailVerifiedAt: new Date(Date.now()) };
    const { count } = await prisma.user.createMany({ data: [data], skipDuplicates: true });
    const user = await prisma.user.findUniqueOrThrow({ where: { email }, include: { identities: true } });
    if (count > 0)
      await trail.record({ kind: 'user.registered', userId: user.id, subject: user.id, request });
    return user;
  }

  return { resolve };
}

function able({ id, disabledAt }: { id: string; disabledAt: Date | null }): string {
  if (disabledAt) throw refused('The account is disabled. Ask an administrator.');
  return id;
}

const shortened = (name: string): string =>
  name
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100);

const refused = (hint: string) => fault('INVALID_CREDENTIAL', 'You cannot sign in this way.', { hint });
