// Changing one's password, and getting another one by a link.

import { hasSessionKeys } from '../../auth/keys/session-keys.ts';
import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { type Delivery, deliver } from './delivery.ts';
import { passwordChangedLetter, resetLetter } from './emails.ts';
import { staleLink } from './invitations.ts';
import type { LinkOwner } from './links.ts';
import {
  type By,
  hostOf,
  isId,
  type PeopleParts,
  requireAccount,
  requireAdmin,
  unknownPerson,
} from './parts.ts';
import { checkPassword } from './password-rules.ts';
import { normalEmail } from './person.ts';

interface PasswordChange {
  readonly userId: string;
  readonly current: string;
  readonly next: string;
  /** The session that stays; all others end. */
  readonly sessionId: string;
}

export interface PasswordService {
  /** Whether somebody has one: whoever signs in elsewhere needs none. */
  has(userId: string): Promise<boolean>;
  /** @throws INVALID_VALUE for either password, TOO_MANY_REQUESTS */
  change(change: PasswordChange, request: Incoming): Promise<void>;
  /** Sends a letter, if there is such an account. Who asks can't tell: nothing is waited for. @throws TOO_MANY_REQUESTS */
  askReset(email: string, request: Incoming): Promise<void>;
  /** For administrators. @throws SCOPE_MISSING, NOT_FOUND, CONFLICT for somebody who is disabled */
  sendReset(userId: string, by: By): Promise<Delivery>;
  /** @returns whose link it is, while it is good */
  peek(secret: string): Promise<LinkOwner | undefined>;
  /**
   * All sessions end. @returns whether there are API keys left that were made in one
   * @throws INVALID_VALUE for the password, NOT_FOUND for a link that is not good any more
   */
  reset(secret: string, password: string, request: Incoming): Promise<boolean>;
  /** Waits for letters that are being written. */
  close(): Promise<void>;
}

const kinds = ['passwordReset'] as const;

export function createPasswordService(parts: PeopleParts): PasswordService {
  const { prisma, config, log, links, mailer, passwords, sessions, attempts, trail } = parts;
  const writing = new Set<Promise<void>>();

  async function change({ userId, current, next, sessionId }: PasswordChange, request: Incoming) {
    const person = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
    const { right } = await attempts.judge(person.email, request.address, async () => ({
      right: await passwords.verify(person.passwordHash, current),
    }));
    if (!right) {
      await trail.record({ kind: 'password.change-failed', userId, request });
      throw fault('INVALID_VALUE', 'The current password is wrong.', { target: 'current' });
    }
    await checkPassword(next, person);
    if (next === current)
      throw fault('INVALID_VALUE', 'This is your password already.', { target: 'password' });
    const data = { passwordHash: await passwords.hash(next), passwordChangedAt: new Date(Date.now()) };
    await prisma.user.update({ where: { id: userId }, data });
    await links.cancel(kinds, userId);
    await sessions.endAll(userId, sessionId);
    await trail.record({ kind: 'password.changed', userId, request });
    tell(person);
  }

  async function askReset(given: string, request: Incoming): Promise<void> {
    await attempts.open(request.address);
    if (mailer) inBackground(writeReset(normalEmail(given), request));
  }

  async function writeReset(email: string, request: Incoming): Promise<void> {
    const person = await prisma.user.findUnique({ where: { email } });
    if (!person || person.disabledAt || !(await attempts.letter(email))) return;
    const link = await links.issue('passwordReset', person.id);
    await trail.record({ kind: 'password.reset-asked', userId: person.id, request });
    await mailer?.send(email, resetLetter(person, link.url, hostOf(config)));
  }

  async function sendReset(userId: string, by: By): Promise<Delivery> {
    requireAdmin(by);
    const person = isId(userId) ? await prisma.user.findUnique({ where: { id: userId } }) : null;
    if (!person) throw unknownPerson();
    await requireAccount(by, person, parts);
    if (person.disabledAt)
      throw fault('CONFLICT', 'This person is disabled.', { hint: 'Enable the account first.' });
    const link = await links.issue('passwordReset', userId);
    await trail.record({ kind: 'password.reset-asked', userId, subject: userId, ...by });
    return deliver(mailer, person.email, resetLetter(person, link.url, hostOf(config)), link);
  }

  async function reset(secret: string, password: string, request: Incoming): Promise<boolean> {
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
    await trail.record({ kind: 'password.reset', userId: owner.id, request });
    tell(owner);
    return hasSessionKeys(prisma, owner.id);
  }

  const tell = (person: { email: string; name: string }): void => {
    const letter = passwordChangedLetter(person, `${config.publicUrl}/sign-in`, hostOf(config));
    if (mailer) inBackground(mailer.send(person.email, letter).then(() => {}));
  };

  function inBackground(work: Promise<void>): void {
    const done = work
      .catch(error => log.error({ error }, 'a letter could not be written'))
      .finally(() => writing.delete(done));
    writing.add(done);
  }

  return {
    ...{ change, askReset, sendReset, reset },
    has: async id => (await prisma.user.count({ where: { id, passwordHash: { not: null } } })) > 0,
    peek: secret => links.peek(kinds, secret),
    async close() {
      await Promise.all(writing);
    },
  };
}
