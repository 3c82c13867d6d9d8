// Sign-in with a password. An unknown, disabled or password-less account gets the same response after the same work as a
// wrong password.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { UserDeps } from './deps.ts';
import { passwordLengthMax } from './password-rules.ts';
import { normalEmail } from './user.ts';

export interface SignIn {
  /**
   * @returns the value of `set-cookie`
   * @throws INVALID_CREDENTIAL, TOO_MANY_REQUESTS
   */
  withPassword(email: string, password: string, request: Incoming): Promise<string>;
  /** For a user who has authenticated in another way. @returns the value of `set-cookie` */
  start(userId: string, request: Incoming, how: string): Promise<string>;
  /** Ends the session of a request. */
  out(request: Incoming): Promise<void>;
}

export function createSignIn({ prisma, sessions, passwords, attempts, audit }: UserDeps): SignIn {
  async function withPassword(address: string, password: string, request: Incoming): Promise<string> {
    const email = normalEmail(address);
    const { user, stored, right } = await attempts.judge(email, request.address, () =>
      checkPassword(email, password),
    );
    if (!user || !right) {
      const reason = !user
        ? 'unknown address'
        : user.disabledAt
          ? 'disabled'
          : stored
            ? 'password'
            : 'no password';
      await audit.record({ kind: 'sign-in.failed', userId: user?.id, request, details: { reason } });
      throw wrongCredentials();
    }
    if (passwords.isStale(stored!)) await rehash(user.id, stored!, password);
    return start(user.id, request, 'password');
  }

  async function checkPassword(email: string, password: string) {
    const user = await prisma.user.findUnique({ where: { email } });
    const stored = user?.disabledAt ? null : user?.passwordHash;
    const right = await passwords.verify(stored, password.slice(0, passwordLengthMax));
    return { user, stored, right };
  }

  /** Replaces only the hash that was just verified: the user may be changing the password at the same time. */
  async function rehash(id: string, stored: string, password: string): Promise<void> {
    const passwordHash = await passwords.hash(password);
    await prisma.user.updateMany({ where: { id, passwordHash: stored }, data: { passwordHash } });
  }

  async function start(userId: string, request: Incoming, how: string): Promise<string> {
    const { id, cookie } = await sessions.start(userId, request);
    await prisma.user.updateMany({ where: { id: userId }, data: { lastSignInAt: new Date(Date.now()) } });
    await audit.record({ kind: 'sign-in.succeeded', userId, subject: id, request, details: { how } });
    return cookie;
  }

  async function out(request: Incoming): Promise<void> {
    const session = await sessions.find(request);
    if (!session || !(await sessions.end(session.user.id, session.id))) return;
    await audit.record({ kind: 'session.ended', userId: session.user.id, subject: session.id, request });
  }

  return { withPassword, start, out };
}

const wrongCredentials = () =>
  fault('INVALID_CREDENTIAL', 'The e-mail address or password is wrong.', {
    hint: 'Check both for typing errors, or reset your password.',
  });
