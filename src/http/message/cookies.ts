// Cookies, RFC 6265: ours are for the whole host, out of reach of scripts, and not sent along by pages of other sites.

import type { Incoming } from './message.ts';

export interface CookieKind {
  readonly name: string;
  /** Whether the server is reached by HTTPS. */
  readonly secure: boolean;
}

/**
 * The prefix `__Host-` makes browsers refuse the cookie from any other host, and over plain HTTP.
 * @param publicUrl the address at which browsers see the server
 */
export function hostCookie(name: string, publicUrl: string): CookieKind {
  const secure = publicUrl.startsWith('https:');
  return { name: secure ? `__Host-${name}` : name, secure };
}

/** @returns the value; undefined too for a cookie that stands there twice, since nobody can tell which one is ours */
export function readCookie(request: Pick<Incoming, 'header'>, { name }: CookieKind): string | undefined {
  const header = request.header('cookie');
  if (header === undefined || !header.includes(name)) return undefined;
  let found: string | undefined;
  // Never at commas: the value of a foreign cookie may hold one, and behind it what looks like ours.
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    if (found !== undefined && found !== value) return undefined;
    found = value;
  }
  return found;
}

/** @param seconds how long browsers keep it; without it, until they are closed @returns what `set-cookie` says */
export function writeCookie({ name, secure }: CookieKind, value: string, seconds?: number): string {
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${age}`;
}

/** @returns what makes browsers forget a cookie */
export const dropCookie = (kind: CookieKind): string => writeCookie(kind, '', 0);
