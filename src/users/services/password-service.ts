// Changing a password, and resetting it by link.

import { hasSessionKeys } from '../../auth/keys/session-keys.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { type Delivery, deliver } from './delivery.ts';
import { type By, hostOf, isId, requireAccount, requireAdmin, type UserDeps, unknownUser } from './deps.ts';
import { passwordChangedEmail, resetEmail } from './emails.ts';
import { staleLink } from './invitations.ts';
import type { LinkOwner } from './links.ts';
import { checkPassword } from './password-rules.ts';
import { normalEmail } from './user.ts';

interface PasswordChange {
  readonly userId: string;
  readonly current: string;
  readonly next: string;
  /** The session to keep; all others end. */
  readonly sessionId: string;
}

export interface PasswordService {
  /** Whether the user has a password: users of an OpenID provider need none. */
  has(userId: string): Promise<boolean>;
  /** @throws INVALID_VALUE for either password, TOO_MANY_REQUESTS */
  change(change: PasswordChange, request: Incoming): Promise<void>;
  /** Sends an e-mail if the account exists. Returns at once, so the response time does not reveal it. @throws TOO_MANY_REQUESTS */
  requestReset(email: string, request: Incoming): Promise<void>;
  /** For administrators. @throws SCOPE_MISSING, NOT_FOUND, CONFLICT for a disabled user */
  sendReset(userId: string, by: By): Promise<Delivery>;
  /** @returns the user of a valid link; does not use the link up */
  peek(secret: string): Promise<LinkOwner | undefined>;
  /**
   * Sets the password and ends all sessions. @returns whether API keys remain that were created in a session
   * @throws INVALID_VALUE for the password, NOT_FOUND for an expired or used link
   */
  reset(secret: string, password: string, request: Incoming): Promise<boolean>;
  /** Waits for e-mails that are being sent. */
  close(): Promise<void>;
}

const kinds = ['passwordReset'] as const;

export const createPasswordService = (deps: UserDeps): PasswordService => new PasswordChanges(deps);

class PasswordChanges implements PasswordService {
  readonly #deps: UserDeps;
  readonly #pending = new Set<Promise<void>>();

  constructor(deps: UserDeps) {
    this.#deps = deps;
  }

  async change({ userId, current, next, sessionId }: PasswordChange, request: Incoming) {
    const { prisma, attempts, passwords, audit, links, sessions } = this.#deps;
    const user = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
    const { right } = await attempts.judge(user.email, request.address, async () => ({
      right: await passwords.verify(user.passwordHash, current),
    }));
    if (!right) {
      await audit.record({ kind: 'password.change-failed', userId, request });
      throw fault('INVALID_VALUE', 'The current password is wrong.', { target: 'current' });
    }
    await checkPassword(next, user);
    if (next === current)
      throw fault('INVALID_VALUE', 'The new password must differ from the current one.', {
        target: 'password',
      });
    const data = { passwordHash: await passwords.hash(next), passwordChangedAt: new Date(Date.now()) };
    await prisma.user.update({ where: { id: userId }, data });
    await links.cancel(kinds, userId);
    await sessions.endAll(userId, sessionId);
    await audit.record({ kind: 'password.changed', userId, request });
    this.#notifyChanged(user);
  }

  async requestReset(address: string, request: Incoming): Promise<void> {
    const { attempts, mailer } = this.#deps;
    await attempts.open(request.address);
    if (mailer) this.#inBackground(this.#sendResetEmail(normalEmail(address), request));
  }

  async #sendResetEmail(email: string, request: Incoming): Promise<void> {
    const { prisma, attempts, links, audit, mailer, config } = this.#deps;
    const user = await prisma.user.findUnique({ where: { email } });
    if (!user || user.disabledAt || !(await attempts.email(email))) return;
    const link = await links.issue('passwordReset', user.id);
    await audit.record({ kind: 'password.reset-asked', userId: user.id, request });
    await mailer?.send(email, resetEmail(user, link.url, hostOf(config)));
  }

  async sendReset(userId: string, by: By): Promise<Delivery> {
    const { prisma, links, audit, mailer, config } = this.#deps;
    requireAdmin(by);
    const user = isId(userId) ? await prisma.user.findUnique({ where: { id: userId } }) : null;
    if (!user) throw unknownUser();
    await requireAccount(by, user, this.#deps);
    if (user.disabledAt)
      throw fault('CONFLICT', 'The account is disabled.', { hint: 'Enable the account first.' });
    const link = await links.issue('passwordReset', userId);
    await audit.record({ kind: 'password.reset-asked', userId, subject: userId, ...by });
    return deliver(mailer, user.email, resetEmail(user, link.url, hostOf(config)), link);
  }

  async reset(secret: string, password: string, request: Incoming): Promise<boolean> {
    const { links, passwords, prisma, sessions, attempts, audit } = this.#deps;
    const owner = await links.peek(kinds, secret);
    if (!owner) throw staleLink();
    await checkPassword(password, owner);
    const passwordHash = await passwords.hash(password);
    const now = new Date(Date.now());
    await prisma.$transaction(async tx => {
      const id = await links.redeem(tx, kinds, secret);
      if (id === undefined) throw staleLink();
      await tx.user.update({ where: { id }, data: { passwordHash, passwordChangedAt: now } });
    });
    await sessions.endAll(owner.id);
    await attempts.forgive(owner.email, request.address);
    await audit.record({ kind: 'password.reset', userId: owner.id, request });
    this.#notifyChanged(owner);
    return hasSessionKeys(prisma, owner.id);
  }

  #notifyChanged(user: { email: string; name: string }): void {
    const { config, mailer } = this.#deps;
    const email = passwordChangedEmail(user, `${config.publicUrl}/sign-in`, hostOf(config));
    if (mailer) this.#inBackground(mailer.send(user.email, email).then(() => {}));
  }

  #inBackground(work: Promise<void>): void {
    const done = work
      .catch(error => this.#deps.log.error({ error }, 'an e-mail could not be prepared'))
      .finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  async has(id: string): Promise<boolean> {
    return (await this.#deps.prisma.user.count({ where: { id, passwordHash: { not: null } } })) > 0;
  }

  peek(secret: string) {
    return this.#deps.links.peek(kinds, secret);
  }

  async close(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
