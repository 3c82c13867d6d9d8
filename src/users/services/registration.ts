// Self-registration, if it is open. With a mail server the e-mail address is verified first, and the response does not reveal
// whether it is in use.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { hostOf, type UserDeps } from './deps.ts';
import { knownAddressEmail, registrationEmail } from './emails.ts';
import { checkPassword } from './password-rules.ts';
import { readEmail, readName } from './user.ts';

export interface Registration {
  readonly open: boolean;
  /** Whether registration starts with an e-mail: then call `requestLink`, otherwise `create`. */
  readonly byEmail: boolean;
  /** Sends an e-mail to the address, whether or not it is in use. @throws INVALID_VALUE, NOT_FOUND if registration is closed, TOO_MANY_REQUESTS */
  requestLink(email: string, request: Incoming): Promise<void>;
  /** @returns the id of the new user @throws INVALID_VALUE, CONFLICT, NOT_FOUND if registration is closed, TOO_MANY_REQUESTS */
  create(input: NewAccount, request: Incoming): Promise<string>;
  /** Waits for e-mails that are being sent. */
  close(): Promise<void>;
}

interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export const createRegistration = (deps: UserDeps): Registration => new RegistrationService(deps);

class RegistrationService implements Registration {
  readonly #deps: UserDeps;
  readonly #role;
  readonly #pending = new Set<Promise<void>>();

  constructor(deps: UserDeps) {
    this.#deps = deps;
    this.#role = deps.config.users.registrationRole;
  }

  get open() {
    return this.#deps.config.users.registration === 'open';
  }

  get byEmail() {
    return this.#deps.mailer !== undefined;
  }

  #requireOpen(): void {
    if (!this.open) throw fault('NOT_FOUND', 'Registration is closed.');
  }

  async requestLink(address: string, request: Incoming): Promise<void> {
    const { attempts, log } = this.#deps;
    this.#requireOpen();
    const email = readEmail(address);
    await attempts.open(request.address);
    const done = this.#sendEmail(email, request)
      .catch(error => log.error({ error }, 'an e-mail could not be prepared'))
      .finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  async #sendEmail(email: string, request: Incoming): Promise<void> {
    const { attempts, prisma, audit, links, config, mailer } = this.#deps;
    if (!(await attempts.email(email))) return;
    await this.#deleteUnverified();
    const { count } = await prisma.user.createMany({
      data: [{ email, role: this.#role }],
      skipDuplicates: true,
    });
    const user = await prisma.user.findUniqueOrThrow({ where: { email } });
    if (count > 0)
      await audit.record({ kind: 'user.registered', userId: user.id, subject: user.id, request });
    if (user.disabledAt) return;
    const isNew = user.passwordHash === null && user.lastSignInAt === null;
    const message = isNew
      ? registrationEmail({ name: '' }, (await links.issue('emailVerification', user.id)).url, hostOf(config))
      : knownAddressEmail(user, `${config.publicUrl}/sign-in`, hostOf(config));
    await mailer?.send(email, message);
  }

  /** Deletes accounts whose address was not verified in time and that no administrator invited. */
  async #deleteUnverified(): Promise<void> {
    const old = { kind: 'emailVerification' as const, expiresAt: { lt: new Date(Date.now()) } };
    await this.#deps.prisma.user.deleteMany({
      where: {
        passwordHash: null,
        emailVerifiedAt: null,
        lastSignInAt: null,
        identities: { none: {} },
        links: { some: old, every: old },
      },
    });
  }

  async create(input: NewAccount, request: Incoming): Promise<string> {
    const { attempts, passwords, prisma, audit } = this.#deps;
    this.#requireOpen();
    await attempts.open(request.address);
    const email = readEmail(input.email);
    const name = readName(input.name);
    await checkPassword(input.password, { email, name });
    const passwordHash = await passwords.hash(input.password);
    const data = { email, name, role: this.#role, passwordHash, passwordChangedAt: new Date(Date.now()) };
    const { count } = await prisma.user.createMany({ data: [data], skipDuplicates: true });
    if (count === 0)
      throw fault('CONFLICT', 'An account with this e-mail address already exists.', { target: 'email' });
    const { id } = await prisma.user.findUniqueOrThrow({ where: { email } });
    await audit.record({ kind: 'user.registered', userId: id, subject: id, request });
    return id;
  }

  async close(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
