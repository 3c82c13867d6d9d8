// Maps an identity of an OpenID provider to a user.

import type { Role } from '../../auth/scopes/roles.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { UserDeps } from './deps.ts';
import type { Claims } from './provider.ts';
import { normalEmail, readEmail } from './user.ts';

export interface ExternalUsers {
  /**
   * Finds the user of an identity. If there is none yet, links the user with the same e-mail address, which the provider
   * must have verified, or creates one if that is allowed.
   * @returns the user's id @throws INVALID_CREDENTIAL with what to do
   */
  resolve(claims: Claims, request: Incoming): Promise<string>;
}

export interface ExternalUsersOptions {
  /** The provider's name. */
  readonly providerName: string;
  /** The role of new accounts; undefined: none are created. */
  readonly newAccounts: Role | undefined;
}

export function createExternalUsers(deps: UserDeps, options: ExternalUsersOptions): ExternalUsers {
  const { prisma, audit } = deps;
  const { providerName, newAccounts } = options;

  async function resolve(claims: Claims, request: Incoming): Promise<string> {
    const { issuer, subject } = claims;
    const identity = await prisma.externalIdentity.findUnique({
      where: { issuer_subject: { issuer, subject } },
      include: { user: true },
    });
    if (identity) return idOfEnabled(identity.user);
    if (!claims.email) throw refused(`${providerName} did not send your e-mail address.`);
    if (!claims.emailVerified)
      throw refused(`${providerName} has not verified your e-mail address. Verify it there first.`);
    return link(claims, normalEmail(claims.email), request);
  }

  async function link(claims: Claims, email: string, request: Incoming): Promise<string> {
    const { issuer, subject } = claims;
    const user = (await find(email)) ?? (await create(claims, email, request));
    const id = idOfEnabled(user);
    // The account may have been registered by someone else, with an address that is not theirs: they would keep its password.
    const inUse = user.passwordHash !== null || user.identities.length > 0;
    if (inUse && user.emailVerifiedAt === null)
      throw refused(
        'An account with your e-mail address exists, but the address was never verified. Ask an administrator.',
      );
    await prisma.externalIdentity.createMany({
      data: [{ issuer, subject, userId: id }],
      skipDuplicates: true,
    });
    await prisma.user.updateMany({
      where: { id, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date(Date.now()) },
    });
    await audit.record({ kind: 'identity.linked', userId: id, subject: id, request, details: { issuer } });
    return id;
  }

  const find = (email: string) => prisma.user.findUnique({ where: { email }, include: { identities: true } });

  async function create({ name }: Claims, address: string, request: Incoming) {
    if (!newAccounts)
      throw refused(`There is no account for ${address}. Ask an administrator for an invitation.`);
    const email = readEmail(address);
    const data = { email, name: cleaned(name), role: newAccounts, emailVerifiedAt: new Date(Date.now()) };
    const { count } = await prisma.user.createMany({ data: [data], skipDuplicates: true });
    const user = await prisma.user.findUniqueOrThrow({ where: { email }, include: { identities: true } });
    if (count > 0)
      await audit.record({ kind: 'user.registered', userId: user.id, subject: user.id, request });
    return user;
  }

  return { resolve };
}

function idOfEnabled({ id, disabledAt }: { id: string; disabledAt: Date | null }): string {
  if (disabledAt) throw refused('The account is disabled. Ask an administrator.');
  return id;
}

const cleaned = (name: string): string =>
  name
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100);

const refused = (hint: string) => fault('INVALID_CREDENTIAL', 'You cannot sign in this way.', { hint });
