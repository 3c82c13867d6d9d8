// Browser sessions. The cookie's value is 256 random bits, new at each sign-in; the database stores its hash.

import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Principal } from '../../base/principal.ts';
import { dropCookie, hostCookie, readCookie, writeCookie } from '../../http/message/cookies.ts';
import type { Incoming } from '../../http/message/message.ts';
import { ownedScopes, type Role } from '../scopes/roles.ts';
import { createCredentialCache } from '../tokens/credential-cache.ts';
import type { SessionSummary } from './store.ts';
import { type StoredSession, sessionStore } from './store.ts';

/** A valid session. Frozen. */
export interface LiveSession {
  /** SHA-256 of the cookie's value, in hexadecimal. Not secret. */
  readonly id: string;
  readonly principal: Principal;
  readonly user: SessionUser;
  /** When the user signed in, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

interface SessionUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role | null;
}

export interface Sessions {
  /**
   * Signs a user in, and ends the previous session of this browser.
   * @returns the value for `set-cookie` @throws NOT_FOUND when the user is deleted or disabled
   */
  start(userId: string, request: Incoming): Promise<{ readonly id: string; readonly cookie: string }>;
  /** @returns the session of the request's cookie; undefined for none, an expired one, or a disabled user */
  find(request: Pick<Incoming, 'header' | 'address'>): Promise<LiveSession | undefined>;
  /** @returns the valid sessions of a user, most recently used first */
  list(userId: string): Promise<SessionSummary[]>;
  /** Takes effect here at once, on other instances within half a second. @returns whether the user had such a session */
  end(userId: string, id: string): Promise<boolean>;
  /** @param except the id of a session to keep @returns the number of sessions ended */
  endAll(userId: string, except?: string): Promise<number>;
  /** Drops what is cached about a user: to be called when the user was disabled, or their scopes changed. */
  forget(userId: string): void;
  /** The `set-cookie` value that deletes the cookie. */
  readonly dropCookie: string;
  /** Deletes expired sessions. @returns false: nothing is left */
  clear(): Promise<boolean>;
  /** Waits for pending writes. */
  close(): Promise<void>;
}

export interface SessionsDeps {
  readonly database: Database;
  readonly config: Pick<Config, 'publicUrl' | 'users'>;
  readonly log: Logger;
  readonly knownScopes: readonly string[];
}

const sessionCookieName = 'portolan_session';

const rememberedMs = 500;
/** The last use of a session is written at most this often. */
const seenEveryMs = 60_000;
const dayMs = 86_400_000;
const userAgentLengthMax = 300;

export function createSessions({ database, config, log, knownScopes }: SessionsDeps): Sessions {
  const store = sessionStore(database);
  const { sessionIdleDays, sessionMaxDays } = config.users;
  const cookie = hostCookie(sessionCookieName, config.publicUrl);
  const memory = createCredentialCache(rememberedMs, async id => {
    const stored = await store.find(id);
    return stored && toLive(stored, knownScopes);
  });
  const writing = new Set<Promise<void>>();
  const seen = new Map<string, number>();

  const expiryOf = (createdAt: number, seenAt: number): number =>
    Math.min(createdAt + sessionMaxDays * dayMs, seenAt + sessionIdleDays * dayMs);

  async function start(userId: string, request: Incoming) {
    const former = readCookie(request, cookie);
    if (former) await endAny(idOf(former));
    const value = randomBytes(32).toString('base64url');
    const id = idOf(value);
    const at = Date.now();
    const { address } = request;
    const userAgent = request.header('user-agent')?.slice(0, userAgentLengthMax) ?? null;
    if (!(await store.add({ id, userId, at, expiresAt: expiryOf(at, at), address, userAgent })))
      throw fault('NOT_FOUND', 'There is no such user.');
    return { id, cookie: writeCookie(cookie, value, sessionMaxDays * (dayMs / 1_000)) };
  }

  async function find(request: Pick<Incoming, 'header' | 'address'>): Promise<LiveSession | undefined> {
    const value = readCookie(request, cookie);
    if (value === undefined || !/^[\w-]{43}$/.test(value)) return undefined;
    const session = await memory.find(idOf(value));
    const now = Date.now();
    if (!session || session.expiresAt <= now) return undefined;
    if (now - (seen.get(session.id) ?? session.lastSeenAt) >= seenEveryMs)
      noteSeen(session, request.address, now);
    return session;
  }

  function noteSeen({ id, createdAt }: LiveSession, address: string, at: number): void {
    seen.set(id, at);
    inBackground(
      store.seen({ id, at, expiresAt: expiryOf(createdAt, at), address }).finally(() => seen.delete(id)),
    );
  }

  async function clear(): Promise<boolean> {
    await store.clear(Date.now());
    return false;
  }

  function inBackground(work: Promise<void>): void {
    const done = work
      .catch(error => log.warn({ err: error }, 'sessions could not be updated'))
      .finally(() => writing.delete(done));
    writing.add(done);
  }

  async function endAny(id: string): Promise<void> {
    await store.end(id);
    memory.forget(id);
  }

  async function end(userId: string, id: string): Promise<boolean> {
    const ended = await store.end(id, userId);
    if (ended) memory.forget(id);
    return ended;
  }

  async function endAll(userId: string, except = ''): Promise<number> {
    const count = await store.endAll(userId, except);
    memory.forgetWhere(({ id, user }) => user.id === userId && id !== except);
    return count;
  }

  return {
    start,
    find,
    end,
    endAll,
    list: userId => store.list(userId, Date.now()),
    forget: userId => memory.forgetWhere(({ user }) => user.id === userId),
    dropCookie: dropCookie(cookie),
    clear,
    async close() {
      await Promise.all(writing);
    },
  };
}

const idOf = (value: string): string => hash('sha256', value, 'hex');

function toLive({ user, ...stored }: StoredSession, knownScopes: readonly string[]): LiveSession {
  const { scopes, ...publicUser } = user;
  const role = user.role as Role | null;
  const owned = ownedScopes({ role, scopes }, knownScopes);
  return Object.freeze({
    ...stored,
    user: Object.freeze({ ...publicUser, role }),
    principal: Object.freeze({
      kind: 'session',
      id: stored.id,
      userId: user.id,
      name: user.name || user.email,
      scopes: new Set(owned),
      scopeKey: owned.join(' '),
      expiresAt: stored.expiresAt,
    }),
  });
}
