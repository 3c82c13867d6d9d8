// Invitations by link. Accepting one sets a password. That verifies the e-mail address too, unless the link was shown to
// the inviter because no e-mail could be sent.

import type { Role } from '../../auth/scopes/roles.ts';
import { parseScopes } from '../../auth/scopes/scopes.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { type Delivery, deliver } from './delivery.ts';
import {
  type By,
  hostOf,
  isId,
  requireAccount,
  requireAdmin,
  requireAsMuch,
  type UserDeps,
  unknownUser,
} from './deps.ts';
import { invitationEmail } from './emails.ts';
import type { LinkOwner } from './links.ts';
import { checkPassword } from './password-rules.ts';
import { readEmail, readName, toUser, type User, userColumns } from './user.ts';

interface Invited {
  readonly email: string;
  readonly name?: string;
  /** undefined: viewer. */
  readonly role?: Role | null;
  /** In addition to the role. */
  readonly scopes?: readonly string[];
}

export interface Invitation extends Delivery {
  readonly user: User;
}

export interface Invitations {
  /** @throws SCOPE_MISSING, INVALID_VALUE, CONFLICT for an address that is in use */
  create(input: Invited, by: By): Promise<Invitation>;
  /** Sends a new link; earlier links stop working. @throws SCOPE_MISSING, NOT_FOUND, CONFLICT if it was accepted */
  resend(userId: string, by: By): Promise<Invitation>;
  /** Deletes a pending invitation and its user. @throws SCOPE_MISSING, NOT_FOUND, CONFLICT if it was accepted */
  withdraw(userId: string, by: By): Promise<void>;
  /** @returns the user of a valid link; does not use the link up */
  peek(secret: string): Promise<LinkOwner | undefined>;
  /** @returns the user's id @throws INVALID_VALUE for name or password, NOT_FOUND for an expired or used link */
  accept(secret: string, chosen: { name: string; password: string }, request: Incoming): Promise<string>;
}

const kinds = ['invitation', 'emailVerification'] as const;

export const createInvitations = (deps: UserDeps): Invitations => new InvitationService(deps);

class InvitationService implements Invitations {
  readonly #deps: UserDeps;

  constructor(deps: UserDeps) {
    this.#deps = deps;
  }

  async create(input: Invited, by: By): Promise<Invitation> {
    const { knownScopes, prisma, audit } = this.#deps;
    requireAdmin(by);
    const { role = 'viewer' } = input;
    const scopes = input.scopes?.length ? parseScopes(input.scopes, knownScopes) : [];
    requireAsMuch(by, { role, scopes }, knownScopes);
    const data = { email: readEmail(input.email), name: readName(input.name ?? ''), role, scopes };
    // skipDuplicates instead of a failed insert, which the embedded database would log as an error.
    const { count } = await prisma.user.createMany({ data: [data], skipDuplicates: true });
    if (count === 0) throw knownAddress(data.email);
    const user = await this.#find({ email: data.email });
    await audit.record({
      kind: 'user.invited',
      userId: user.id,
      subject: user.id,
      ...by,
      details: { role, scopes },
    });
    return { user, ...(await this.#send(user)) };
  }

  async resend(userId: string, by: By): Promise<Invitation> {
    const { links, audit } = this.#deps;
    const user = await this.#pending(userId, by);
    await links.cancel(kinds, user.id);
    await audit.record({
      kind: 'user.invited',
      userId: user.id,
      subject: user.id,
      ...by,
      details: { again: true },
    });
    return { user, ...(await this.#send(user)) };
  }

  async withdraw(userId: string, by: By): Promise<void> {
    const { prisma, audit } = this.#deps;
    const { id, email } = await this.#pending(userId, by);
    const { count } = await prisma.user.deleteMany({
      where: { id, passwordHash: null, identities: { none: {} } },
    });
    if (count === 0) throw accepted();
    await audit.record({ kind: 'user.deleted', userId: id, subject: id, ...by, details: { email } });
  }

  async #pending(id: string, by: By): Promise<User> {
    requireAdmin(by);
    const user = await this.#find({ id: isId(id) ? id : '00000000-0000-0000-0000-000000000000' });
    await requireAccount(by, user, this.#deps);
    if (user.state !== 'invited') throw accepted();
    return user;
  }

  async #find(where: { id: string } | { email: string }): Promise<User> {
    const row = await this.#deps.prisma.user.findUnique({ where, select: userColumns });
    if (!row) throw unknownUser();
    return toUser(row);
  }

  async #send(user: User): Promise<Delivery> {
    const { links, mailer, config } = this.#deps;
    const link = await links.issue('invitation', user.id);
    return deliver(mailer, user.email, invitationEmail(user, link.url, hostOf(config)), link);
  }

  async accept(secret: string, chosen: { name: string; password: string }, request: Incoming) {
    const { links, passwords, prisma, audit } = this.#deps;
    const owner = await links.peek(kinds, secret);
    if (!owner) throw staleLink();
    const name = readName(chosen.name) || owner.name;
    await checkPassword(chosen.password, { email: owner.email, name });
    const passwordHash = await passwords.hash(chosen.password);
    const now = new Date(Date.now());
    await prisma.$transaction(async tx => {
      const id = await links.redeem(tx, kinds, secret);
      if (id === undefined) throw staleLink();
      const data = { name, passwordHash, passwordChangedAt: now };
      const emailVerifiedAt = owner.verifiesAddress ? now : undefined;
      await tx.user.update({ where: { id }, data: { ...data, emailVerifiedAt } });
    });
    await audit.record({ kind: 'invitation.accepted', userId: owner.id, subject: owner.id, request });
    return owner.id;
  }

  peek(secret: string) {
    return this.#deps.links.peek(kinds, secret);
  }
}

const knownAddress = (email: string) =>
  fault('CONFLICT', `An account with the e-mail address ${email} already exists.`, { target: 'email' });

const accepted = () =>
  fault('CONFLICT', 'The user has already accepted the invitation.', {
    hint: 'Disable or delete the account, or send a password reset.',
  });

export const staleLink = () =>
  fault('NOT_FOUND', 'This link has expired or was already used.', {
    hint: 'Request a new link.',
  });
