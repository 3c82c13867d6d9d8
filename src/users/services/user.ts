// A user as shown to callers, and validation of names and e-mail addresses.

import * as v from 'valibot';
import { roles } from '../../auth/scopes/roles.ts';
import { isEmail, normalEmail } from '../../base/email-address.ts';
import { fault } from '../../base/errors.ts';
import { timeOrNull } from '../../http/rest/fields.ts';
import type { Immutable } from '../../http/rest/immutable.ts';

export { normalEmail };

export const userStates = ['active', 'invited', 'disabled'] as const;

/** What may be shown of a user. */
export const userSchema = v.object({
  id: v.string(),
  email: v.string(),
  name: v.string(),
  role: v.nullable(v.picklist(roles)),
  scopes: v.pipe(v.array(v.string()), v.description('In addition to the role.')),
  state: v.pipe(
    v.picklist(userStates),
    v.description('`invited`: has neither set a password nor signed in with a provider.'),
  ),
  createdAt: v.date(),
  lastSignInAt: timeOrNull(),
});

export type User = Immutable<v.InferOutput<typeof userSchema>>;

/** The columns that `toUser` needs. */
export const userColumns = {
  id: true,
  email: true,
  name: true,
  role: true,
  scopes: true,
  createdAt: true,
  lastSignInAt: true,
  disabledAt: true,
  passwordHash: true,
  _count: { select: { identities: true } },
} as const;

type UserRow = Omit<User, 'state'> & {
  readonly disabledAt: Date | null;
  readonly passwordHash: string | null;
  readonly _count: { readonly identities: number };
};

export function toUser({ disabledAt, passwordHash, _count, ...shown }: UserRow): User {
  const known = passwordHash !== null || _count.identities > 0;
  return { ...shown, state: disabledAt ? 'disabled' : known ? 'active' : 'invited' };
}

const nameLengthMax = 100;

/** @returns the address in the form in which it is stored @throws INVALID_VALUE */
export function readEmail(text: string): string {
  const email = normalEmail(text);
  if (isEmail(email)) return email;
  throw fault('INVALID_VALUE', 'This is not a valid e-mail address.', { target: 'email' });
}

/** @returns the name, trimmed; it may be empty @throws INVALID_VALUE */
export function readName(text: string): string {
  const name = text.trim();
  // Names appear on terminals and in e-mails: no line breaks, no escape sequences.
  if (name.length <= nameLengthMax && !/\p{Cc}/u.test(name)) return name;
  throw fault('INVALID_VALUE', `The name must be one line of at most ${nameLengthMax} characters.`, {
    target: 'name',
  });
}
