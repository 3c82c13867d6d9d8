// Managing users: for administrators, within their own scopes.

import type { Role } from '../../auth/scopes/roles.ts';
import { parseScopes } from '../../auth/scopes/scopes.ts';
import { fault } from '../../base/errors.ts';
import type { Transaction } from '../../platform/prisma.ts';
import { lockAdministrators, lockUser } from '../../platform/tables/users.ts';
import {
  type By,
  isId,
  requireAccount,
  requireAdmin,
  requireAsMuch,
  type UserDeps,
  unknownUser,
} from './deps.ts';
import { readName, toUser, type User, userColumns } from './user.ts';

export interface UserList {
  /** Ordered by e-mail address. */
  readonly users: readonly User[];
  /** Cursor: pass it as `after` to get the next page; absent on the last page. */
  readonly next?: string;
}

export interface UserFilter {
  /** Part of the name or e-mail address. */
  readonly search?: string;
  readonly state?: User['state'];
  /** 1 to 200. */
  readonly take?: number;
  /** Cursor: the e-mail address after which the page begins. */
  readonly after?: string;
}

/** Members that are left out do not change. */
interface UserChange {
  readonly name?: string;
  readonly role?: Role | null;
  /** In addition to the role. */
  readonly scopes?: readonly string[];
  readonly disabled?: boolean;
}

/** All throw SCOPE_MISSING, and NOT_FOUND for an unknown id. */
export interface Users {
  /** @throws INVALID_VALUE for `take` */
  list(filter: UserFilter, by: By): Promise<UserList>;
  get(id: string, by: By): Promise<User>;
  /** @throws NOT_FOUND */
  byEmail(email: string, by: By): Promise<User>;
  /** @throws INVALID_VALUE, CONFLICT for the last administrator */
  change(id: string, change: UserChange, by: By): Promise<User>;
  /** Also deletes the user's API keys, sessions, apps and grants; keeps the audit log. @throws CONFLICT for the last administrator */
  remove(id: string, by: By): Promise<void>;
  /** @param sessionId undefined: all sessions @returns how many ended */
  endSessions(id: string, sessionId: string | undefined, by: By): Promise<number>;
}

const takeDefault = 50;
const takeMax = 200;

export const createUsers = (deps: UserDeps): Users => new UserService(deps);

class UserService implements Users {
  readonly #deps: UserDeps;

  constructor(deps: UserDeps) {
    this.#deps = deps;
  }

  async list({ search, state, take = takeDefault, after }: UserFilter, by: By): Promise<UserList> {
    requireAdmin(by);
    if (!Number.isInteger(take) || take < 1 || take > takeMax)
      throw fault('INVALID_VALUE', `"take" must be a number from 1 to ${takeMax}.`, { target: 'take' });
    const part = storable(search?.trim());
    const rows = await this.#deps.prisma.user.findMany({
      select: userColumns,
      where: {
        ...(part && { OR: [contains('email', part), contains('name', part)] }),
        ...(after !== undefined && { email: { gt: storable(after) } }),
        ...(state && inState(state)),
      },
      orderBy: { email: 'asc' },
      take: take + 1,
    });
    const users = rows.slice(0, take).map(toUser);
    return { users, ...(rows.length > take && { next: users.at(-1)!.email }) };
  }

  async get(id: string, by: By): Promise<User> {
    if (by.principal?.kind !== 'session' || by.principal.userId !== id) requireAdmin(by);
    const row = isId(id)
      ? await this.#deps.prisma.user.findUnique({ where: { id }, select: userColumns })
      : null;
    if (!row) throw unknownUser();
    return toUser(row);
  }

  async byEmail(email: string, by: By): Promise<User> {
    requireAdmin(by);
    const row = await this.#deps.prisma.user.findUnique({ where: { email }, select: userColumns });
    if (!row)
      throw fault('NOT_FOUND', `There is no user with the e-mail address ${email.slice(0, 100)}.`, {
        target: 'email',
      });
    return toUser(row);
  }

  async change(id: string, input: UserChange, by: By): Promise<User> {
    const { knownScopes, prisma, sessions } = this.#deps;
    const before = await this.get(id, by);
    const onlyOwnName = Object.keys(input).every(key => key === 'name') && by.principal?.userId === id;
    if (!onlyOwnName) requireAdmin(by);
    const data = this.#toData(input, before);
    const after = { role: before.role, scopes: before.scopes, ...data };
    // A disabled user has no permissions: enabling grants all of them.
    const enabling = before.state === 'disabled' && input.disabled === false;
    if (enabling) await requireAccount(by, { id, role: after.role, scopes: after.scopes }, this.#deps);
    else requireAsMuch(by, after, knownScopes, before);
    if (input.disabled && by.principal?.userId === id)
      throw fault('CONFLICT', 'You cannot disable yourself.', { target: 'disabled' });
    await prisma.$transaction(async tx => {
      if (after.role !== 'administrator' || input.disabled) await keepAnAdministrator(tx, id);
      await requireUnchanged(tx, before);
      if ((await tx.user.updateMany({ where: { id }, data })).count === 0) throw unknownUser();
    });
    if (input.disabled) await sessions.endAll(id);
    sessions.forget(id);
    await this.#record(before, after, input, by);
    return this.get(id, by);
  }

  #toData({ name, role, scopes, disabled }: UserChange, before: User) {
    const wasDisabled = before.state === 'disabled';
    return {
      ...(name !== undefined && { name: readName(name) }),
      ...(role !== undefined && { role }),
      ...(scopes && { scopes: scopes.length > 0 ? parseScopes(scopes, this.#deps.knownScopes) : [] }),
      ...(disabled !== undefined &&
        disabled !== wasDisabled && { disabledAt: disabled ? new Date(Date.now()) : null }),
    };
  }

  async #record(before: User, after: Pick<User, 'role' | 'scopes'>, input: UserChange, by: By) {
    const { audit } = this.#deps;
    const { disabled, ...rest } = input;
    const event = { userId: before.id, subject: before.id, ...by };
    if (disabled !== undefined && disabled !== (before.state === 'disabled'))
      await audit.record({ kind: disabled ? 'user.disabled' : 'user.enabled', ...event });
    if (Object.keys(rest).length === 0) return;
    const standing = ({ role, scopes }: Pick<User, 'role' | 'scopes'>) => ({ role, scopes });
    const details = { fields: Object.keys(rest), before: standing(before), after: standing(after) };
    await audit.record({ kind: 'user.changed', ...event, details });
  }

  async remove(id: string, by: By): Promise<void> {
    const { prisma, sessions, audit } = this.#deps;
    requireAdmin(by);
    const user = await this.get(id, by);
    if (by.principal?.userId === id) throw fault('CONFLICT', 'You cannot delete yourself.', { target: 'id' });
    await prisma.$transaction(async tx => {
      await keepAnAdministrator(tx, id);
      await tx.user.deleteMany({ where: { id } });
    });
    sessions.forget(id);
    await audit.record({
      kind: 'user.deleted',
      userId: id,
      subject: id,
      ...by,
      details: { email: user.email },
    });
  }

  async endSessions(id: string, sessionId: string | undefined, by: By): Promise<number> {
    const { sessions, audit } = this.#deps;
    const { id: userId } = await this.get(id, by);
    const event = { userId, ...by };
    if (sessionId === undefined) {
      const count = await sessions.endAll(userId);
      await audit.record({ kind: 'session.all-ended', ...event, details: { count } });
      return count;
    }
    if (!(await sessions.end(userId, sessionId))) return 0;
    await audit.record({ kind: 'session.ended', subject: sessionId, ...event });
    return 1;
  }
}

const changedMeanwhile = () =>
  fault('CONFLICT', 'Someone else changed this account at the same time.', {
    hint: 'Reload it and repeat the change.',
  });

/** PostgreSQL rejects NUL in text. Its replacement occurs in no name or address, so the search finds nothing. */
const storable = (text: string | undefined): string | undefined => text?.replaceAll('\0', '\u{fffd}');

const contains = (column: 'email' | 'name', part: string) => ({
  [column]: { contains: part.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const },
});

function inState(state: User['state']) {
  if (state === 'disabled') return { disabledAt: { not: null } };
  const unknown = { passwordHash: null, identities: { none: {} } };
  return { disabledAt: null, ...(state === 'invited' ? unknown : { NOT: unknown }) };
}

/** Permissions that the user had already were not checked as granted: another request may be removing them right now. @throws CONFLICT */
async function requireUnchanged(tx: Transaction, { id, role, scopes }: User): Promise<void> {
  await lockUser(tx, id);
  const now = await tx.user.findUnique({ where: { id }, select: { role: true, scopes: true } });
  if (now && (now.role !== role || now.scopes.join(' ') !== scopes.join(' '))) throw changedMeanwhile();
}

/** Locks the administrators' rows until the transaction ends: otherwise two could remove each other at the same time. */
async function keepAnAdministrator(tx: Transaction, leaving: string): Promise<void> {
  const administrators = await lockAdministrators(tx);
  if (administrators.length !== 1 || administrators[0] !== leaving) return;
  throw fault('CONFLICT', 'This is the last administrator.', {
    hint: 'Make another user an administrator first.',
    target: 'role',
  });
}
