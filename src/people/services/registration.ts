// People who make an account themselves, where that is open. With a mail server the address is proven first, and nobody
// learns whether it was known.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { knownAddressLetter, registrationLetter } from './emails.ts';
import { hostOf, type PeopleParts } from './parts.ts';
import { checkPassword } from './password-rules.ts';
import { readEmail, readName } from './person.ts';

export interface Registration {
  readonly open: boolean;
  /** Whether a letter comes first: then `ask` is how one begins, else `create`. */
  readonly byLetter: boolean;
  /** Sends a letter to the address, known or not. @throws INVALID_VALUE, NOT_FOUND where it is closed, TOO_MANY_REQUESTS */
  ask(email: string, request: Incoming): Promise<void>;
  /** @returns the id of the new person @throws INVALID_VALUE, CONFLICT, NOT_FOUND where it is closed, TOO_MANY_REQUESTS */
  create(wanted: NewAccount, request: Incoming): Promise<string>;
  /** Waits for letters that are being written. */
  close(): Promise<void>;
}

interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export function createRegistration(parts: PeopleParts): Registration {
  const { prisma, config, log, links, mailer, passwords, attempts, trail } = parts;
  const { registration, registrationRole: role } = config.people;
  const writing = new Set<Promise<void>>();

  function requireOpen(): void {
    if (registration !== 'open') throw fault('NOT_FOUND', 'Accounts are made by administrators here.');
  }

  async function ask(given: string, request: Incoming): Promise<void> {
    requireOpen();
    const email = readEmail(given);
    await attempts.open(request.address);
    const done = write(email, request)
      .catch(error => log.error({ error }, 'a letter could not be written'))
      .finally(() => writing.delete(done));
    writing.add(done);
  }

  async function write(email: string, request: Incoming): Promise<void> {
    if (!(await attempts.letter(email))) return;
    await clearUnproven();
    const { count } = await prisma.user.createMany({ data: [{ email, role }], skipDuplicates: true });
    const person = await prisma.user.findUniqueOrThrow({ where: { email } });
    if (count > 0)
      await trail.record({ kind: 'user.registered', userId: person.id, subject: person.id, request });
    if (person.disabledAt) return;
    const isNew = person.passwordHash === null && person.lastSignInAt === null;
    const letter = isNew
      ? registrationLetter(
          { name: '' },
          (await links.issue('emailVerification', person.id)).url,
          hostOf(config),
        )
      : knownAddressLetter(person, `${config.publicUrl}/sign-in`, hostOf(config));
    await mailer?.send(email, letter);
  }

  /** Addresses that nobody has proven to be theirs in time, and that no administrator invited. */
  async function clearUnproven(): Promise<void> {
    const old = { kind: 'emailVerification' as const, expiresAt: { lt: new Date(Date.now()) } };
    await prisma.user.deleteMany({
      where: {
        ...{ passwordHash: null, emailVerifiedAt: null, lastSignInAt: null, identities: { none: {} } },
        links: { some: old, every: old },
      },
    });
  }

  async function create(wanted: NewAccount, request: Incoming): Promise<string> {
    requireOpen();
    await attempts.open(request.address);
    const [email, name] = [readEmail(wanted.email), readName(wanted.name)];
    await checkPassword(wanted.password, { email, name });
    const passwordHash = await passwords.hash(wanted.password);
    const data = { email, name, role, passwordHash, passwordChangedAt: new Date(Date.now()) };
    const { count } = await prisma.user.createMany({ data: [data], skipDuplicates: true });
    if (count === 0)
      throw fault('CONFLICT', 'There is an account with this address already.', { target: 'email' });
    const { id } = await prisma.user.findUniqueOrThrow({ where: { email } });
    await trail.record({ kind: 'user.registered', userId: id, subject: id, request });
    return id;
  }

  return {
    ...{ ask, create },
    open: registration === 'open',
    byLetter: mailer !== undefined,
    async close() {
      await Promise.all(writing);
    },
  };
}
