// What is written down of a person, and what it must look like.

import type { Role } from '../../auth/scopes/roles.ts';
import { isEmail, normalEmail } from '../../base/email-address.ts';
import { fault } from '../../base/errors.ts';

export { normalEmail };

/** What may be shown of a person. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
  /** Beyond the role. */
  readonly scopes: readonly string[];
  /** `invited`: has not chosen a password yet, nor signed in elsewhere. */
  readonly state: 'active' | 'invited' | 'disabled';
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
}

/** What of a row a Person is made of. */
export const personColumns = {
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

type PersonRow = Omit<Person, 'state'> & {
  readonly disabledAt: Date | null;
  readonly passwordHash: string | null;
  readonly _count: { readonly identities: number };
};

export function toPerson({ disabledAt, passwordHash, _count, ...shown }: PersonRow): Person {
  const known = passwordHash !== null || _count.identities > 0;
  return { ...shown, state: disabledAt ? 'disabled' : known ? 'active' : 'invited' };
}

const nameLengthMax = 100;

/** @returns the address in the form in which it is stored @throws INVALID_VALUE */
export function readEmail(text: string): string {
  const email = normalEmail(text);
  if (isEmail(email)) return email;
  throw fault('INVALID_VALUE', 'This is not an e-mail address.', { target: 'email' });
}

/** @returns the name, trimmed; it may be empty @throws INVALID_VALUE */
export function readName(text: string): string {
  const name = text.trim();
  // Names are printed on terminals and stand in letters: no line breaks, no escape sequences.
  if (name.length <= nameLengthMax && !/\p{Cc}/u.test(name)) return name;
  throw fault('INVALID_VALUE', `A name has at most ${nameLengthMax} characters on one line.`, {
    target: 'name',
  });
}
