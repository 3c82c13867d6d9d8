// Signing in with a password. Whoever has no account, no password, or was disabled gets the same answer after the same work
// as whoever mistypes.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { PeopleParts } from './parts.ts';
import { passwordLengthMax } from './password-rules.ts';
import { normalEmail } from './person.ts';

export interface SignIn {
  /**
   * @returns what `set-cookie` must say
   * @throws INVALID_CREDENTIAL, TOO_MANY_REQUESTS
   */
  withPassword(email: string, password: string, request: Incoming): Promise<string>;
  /** For whom another way has proven who they are. @returns what `set-cookie` must say */
  start(userId: string, request: Incoming, how: string): Promise<string>;
  /** Ends the session of a request. */
  out(request: Incoming): Promise<void>;
}

export function createSignIn({ prisma, sessions, passwords, attempts, trail }: PeopleParts): SignIn {
  async function withPassword(given: string, password: string, request: Incoming): Promise<string> {
    const email = normalEmail(given);
    const { person, stored, right } = await attempts.judge(email, request.address, () =>
      look(email, password),
    );
    if (!person || !right) {
      const reason = !person
        ? 'unknown address'
        : person.disabledAt
          ? 'disabled'
          : stored
            ? 'password'
            : 'no password';
      await trail.record({ kind: 'sign-in.failed', userId: person?.id, request, details: { reason } });
      throw wrongCredentials();
    }
    if (passwords.isStale(stored!)) await renew(person.id, stored!, password);
    return start(person.id, request, 'password');
  }

  async function look(email: string, password: string) {
    const person = await prisma.user.findUnique({ where: { email } });
    const stored = person?.disabledAt ? null : person?.passwordHash;
    const right = await passwords.verify(stored, password.slice(0, passwordLengthMax));
    return { person, stored, right };
  }

  /** Only over what was just verified: the person may be changing the password elsewhere. */
  async function renew(id: string, stored: string, password: string): Promise<void> {
    const passwordHash = await passwords.hash(password);
    await prisma.user.updateMany({ where: { id, passwordHash: stored }, data: { passwordHash } });
  }

  async function start(userId: string, request: Incoming, how: string): Promise<string> {
    const { id, cookie } = await sessions.start(userId, request);
    await prisma.user.updateMany({ where: { id: userId }, data: { lastSignInAt: new Date(Date.now()) } });
    await trail.record({ kind: 'sign-in.succeeded', userId, subject: id, request, details: { how } });
    return cookie;
  }

  async function out(request: Incoming): Promise<void> {
    const session = await sessions.find(request);
    if (!session || !(await sessions.end(session.user.id, session.id))) return;
    await trail.record({ kind: 'session.ended', userId: session.user.id, subject: session.id, request });
  }

  return { withPassword, start, out };
}

const wrongCredentials = () =>
  fault('INVALID_CREDENTIAL', 'E-mail address or password is wrong.', {
    hint: 'Look for a typing mistake, or ask for a new password.',
  });
