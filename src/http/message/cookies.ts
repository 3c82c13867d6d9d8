// Cookies, RFC 6265: Portolan's are for the whole host, HttpOnly, and not sent with cross-site requests.

import type { Incoming } from './message.ts';

export interface CookieKind {
  readonly name: string;
  /** Whether the server is reached over HTTPS. */
  readonly secure: boolean;
}

/**
 * The prefix `__Host-` makes browsers refuse the cookie from any other host, and over plain HTTP.
 * @param publicUrl the URL at which browsers reach the server
 */
export function hostCookie(name: string, publicUrl: string): CookieKind {
  const secure = publicUrl.startsWith('https:');
  return { name: secure ? `__Host-${name}` : name, secure };
}

/** @returns the value; undefined also for a cookie with two different values, since either could be forged */
export function readCookie(request: Pick<Incoming, 'header'>, { name }: CookieKind): string | undefined {
  const header = request.header('cookie');
  if (header === undefined || !header.includes(name)) return undefined;
  let found: string | undefined;
  // Do not split at commas: the value of another cookie may contain one, followed by what looks like this cookie.
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    if (found !== undefined && found !== value) return undefined;
    found = value;
  }
  return found;
}

/** @param seconds how long browsers keep it; default: until they are closed @returns the value of `set-cookie` */
export function writeCookie({ name, secure }: CookieKind, value: string, seconds?: number): string {
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${age}`;
}

/** @returns the value of `set-cookie` that deletes a cookie */
export const dropCookie = (kind: CookieKind): string => writeCookie(kind, '', 0);
