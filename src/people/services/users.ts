// Managing people: for administrators, within what they have themselves.

import type { Role } from '../../auth/scopes/roles.ts';
import { parseScopes } from '../../auth/scopes/scopes.ts';
import { fault } from '../../base/errors.ts';
import type { Transaction } from './links.ts';
import {
  type By,
  isId,
  type PeopleParts,
  requireAccount,
  requireAdmin,
  requireAsMuch,
  unknownPerson,
} from './parts.ts';
import { type Person, personColumns, readName, toPerson } from './person.ts';

export interface UserList {
  /** In the order of their addresses. */
  readonly users: readonly Person[];
  /** What `after` must be for the next page; absent on the last one. */
  readonly next?: string;
}

export interface UserFilter {
  /** Part of the name or the address. */
  readonly search?: string;
  readonly state?: Person['state'];
  /** 1 to 200. */
  readonly take?: number;
  /** The address behind which the page begins. */
  readonly after?: string;
}

/** What is not there stays as it is. */
interface UserChange {
  readonly name?: string;
  readonly role?: Role | null;
  /** Beyond the role. */
  readonly scopes?: readonly string[];
  readonly disabled?: boolean;
}

/** All throw SCOPE_MISSING, and NOT_FOUND for an id that is nobody's. */
export interface Users {
  /** @throws INVALID_VALUE for `take` */
  list(filter: UserFilter, by: By): Promise<UserList>;
  get(id: string, by: By): Promise<Person>;
  /** @throws NOT_FOUND */
  byEmail(email: string, by: By): Promise<Person>;
  /** @throws INVALID_VALUE, CONFLICT for the last administrator */
  change(id: string, change: UserChange, by: By): Promise<Person>;
  /** Keys, sessions, apps and grants go with the person; the audit trail stays. @throws CONFLICT for the last administrator */
  remove(id: string, by: By): Promise<void>;
  /** @param sessionId undefined: all of them @returns how many ended */
  endSessions(id: string, sessionId: string | undefined, by: By): Promise<number>;
}

const takeDefault = 50;
const takeMax = 200;

export function createUsers(parts: PeopleParts): Users {
  const { prisma, sessions, trail, knownScopes } = parts;

  async function list({ search, state, take = takeDefault, after }: UserFilter, by: By): Promise<UserList> {
    requireAdmin(by);
    if (!Number.isInteger(take) || take < 1 || take > takeMax)
      throw fault('INVALID_VALUE', `"take" must be a number from 1 to ${takeMax}.`, { target: 'take' });
    const part = storable(search?.trim());
    const rows = await prisma.user.findMany({
      select: personColumns,
      where: {
        ...(part && { OR: [contains('email', part), contains('name', part)] }),
        ...(after !== undefined && { email: { gt: storable(after) } }),
        ...(state && inState(state)),
      },
      orderBy: { email: 'asc' },
      take: take + 1,
    });
    const users = rows.slice(0, take).map(toPerson);
    return { users, ...(rows.length > take && { next: users.at(-1)!.email }) };
  }

  async function get(id: string, by: By): Promise<Person> {
    if (by.principal?.kind !== 'session' || by.principal.userId !== id) requireAdmin(by);
    const row = isId(id) ? await prisma.user.findUnique({ where: { id }, select: personColumns }) : null;
    if (!row) throw unknownPerson();
    return toPerson(row);
  }

  async function byEmail(email: string, by: By): Promise<Person> {
    requireAdmin(by);
    const row = await prisma.user.findUnique({ where: { email }, select: personColumns });
    if (!row)
      throw fault('NOT_FOUND', `There is nobody with the address ${email.slice(0, 100)}.`, {
        target: 'email',
      });
    return toPerson(row);
  }

  async function change(id: string, wanted: UserChange, by: By): Promise<Person> {
    const before = await get(id, by);
    const onlyOwnName = Object.keys(wanted).every(key => key === 'name') && by.principal?.userId === id;
    if (!onlyOwnName) requireAdmin(by);
    const data = toData(wanted, before);
    const after = { role: before.role, scopes: before.scopes, ...data };
    // Who is disabled has nothing: enabling gives all of it.
    const enabling = before.state === 'disabled' && wanted.disabled === false;
    if (enabling) await requireAccount(by, { id, role: after.role, scopes: after.scopes }, parts);
    else requireAsMuch(by, after, knownScopes, before);
    if (wanted.disabled && by.principal?.userId === id)
      throw fault('CONFLICT', 'You cannot disable yourself.', { target: 'disabled' });
    await prisma.$transaction(async tx => {
      if (after.role !== 'administrator' || wanted.disabled) await keepAnAdministrator(tx, id);
      await requireUnchanged(tx, before);
      if ((await tx.user.updateMany({ where: { id }, data })).count === 0) throw unknownPerson();
    });
    if (wanted.disabled) await sessions.endAll(id);
    sessions.forget(id);
    await record(before, after, wanted, by);
    return get(id, by);
  }

  function toData({ name, role, scopes, disabled }: UserChange, before: Person) {
    const wasDisabled = before.state === 'disabled';
    return {
      ...(name !== undefined && { name: readName(name) }),
      ...(role !== undefined && { role }),
      ...(scopes && { scopes: scopes.length > 0 ? parseScopes(scopes, knownScopes) : [] }),
      ...(disabled !== undefined &&
        disabled !== wasDisabled && { disabledAt: disabled ? new Date(Date.now()) : null }),
    };
  }

  async function record(before: Person, after: Pick<Person, 'role' | 'scopes'>, wanted: UserChange, by: By) {
    const { disabled, ...rest } = wanted;
    const event = { userId: before.id, subject: before.id, ...by };
    if (disabled !== undefined && disabled !== (before.state === 'disabled'))
      await trail.record({ kind: disabled ? 'user.disabled' : 'user.enabled', ...event });
    if (Object.keys(rest).length === 0) return;
    const standing = ({ role, scopes }: Pick<Person, 'role' | 'scopes'>) => ({ role, scopes });
    const details = { fields: Object.keys(rest), before: standing(before), after: standing(after) };
    await trail.record({ kind: 'user.changed', ...event, details });
  }

  async function remove(id: string, by: By): Promise<void> {
    requireAdmin(by);
    const person = await get(id, by);
    if (by.principal?.userId === id) throw fault('CONFLICT', 'You cannot delete yourself.', { target: 'id' });
    await prisma.$transaction(async tx => {
      await keepAnAdministrator(tx, id);
      await tx.user.deleteMany({ where: { id } });
    });
    sessions.forget(id);
    await trail.record({
      kind: 'user.deleted',
      userId: id,
      subject: id,
      ...by,
      details: { email: person.email },
    });
  }

  async function endSessions(id: string, sessionId: string | undefined, by: By): Promise<number> {
    const { id: userId } = await get(id, by);
    const event = { userId, ...by };
    if (sessionId === undefined) {
      const count = await sessions.endAll(userId);
      await trail.record({ kind: 'session.all-ended', ...event, details: { count } });
      return count;
    }
    if (!(await sessions.end(userId, sessionId))) return 0;
    await trail.record({ kind: 'session.ended', subject: sessionId, ...event });
    return 1;
  }

  return { list, get, byEmail, change, remove, endSessions };
}

const changedMeanwhile = () =>
  fault('CONFLICT', 'Somebody else has changed this account at the same moment.', {
    hint: 'Look at it again, and repeat the change.',
  });

/** NUL is in no text that a database can hold: what it is replaced by is in no name or address either. */
const storable = (text: string | undefined): string | undefined => text?.replaceAll('\0', '\u{fffd}');

const contains = (column: 'email' | 'name', part: string) => ({
  [column]: { contains: part.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const },
});

function inState(state: Person['state']) {
  if (state === 'disabled') return { disabledAt: { not: null } };
  const unknown = { passwordHash: null, identities: { none: {} } };
  return { disabledAt: null, ...(state === 'invited' ? unknown : { NOT: unknown }) };
}

/** What is not handed out because somebody has it, they must have still: another may be taking it away just now. @throws CONFLICT */
async function requireUnchanged(tx: Transaction, { id, role, scopes }: Person): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "portolan"."user" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`;
  const now = await tx.user.findUnique({ where: { id }, select: { role: true, scopes: true } });
  if (now && (now.role !== role || now.scopes.join(' ') !== scopes.join(' '))) throw changedMeanwhile();
}

/** The rows stay locked until the end of the transaction, or two at once could each take the other for the one who is left. */
async function keepAnAdministrator(tx: Transaction, leaving: string): Promise<void> {
  const able = await tx.$queryRaw<{ id: string }[]>`
    SELECT u."id" FROM "portolan"."user" u
    WHERE u."role" = 'administrator' AND u."disabledAt" IS NULL AND (u."passwordHash" IS NOT NULL
      OR EXISTS (SELECT 1 FROM "portolan"."external_identity" i WHERE i."userId" = u."id"))
    ORDER BY u."id" FOR UPDATE OF u`;
  if (able.length !== 1 || able[0]!.id !== leaving) return;
  throw fault('CONFLICT', 'This is the last administrator.', {
    hint: 'Make somebody else an administrator first.',
    target: 'role',
  });
}
