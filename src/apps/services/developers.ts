// Registering as a developer: how users know who stands behind an app.

import type { Audit } from '../../audit/create-audit.ts';
import type { Config } from '../../base/config/config.ts';
import { fault } from '../../base/errors.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { findUser } from '../../platform/tables/users.ts';
import { checkEmail, checkName, checkWebAddress } from './fields.ts';
import { by, type Manager, manages, ownUserId } from './manager.ts';

export interface DeveloperView {
  readonly userId: string;
  /** As users see it when an app asks for access. */
  readonly name: string;
  readonly website: string | null;
  readonly contactEmail: string;
  readonly createdAt: Date;
}

interface DeveloperDraft {
  readonly name: string;
  readonly website?: string | null;
  readonly contactEmail: string;
}

export interface Developers {
  /** Whether the manager may register, where that is not done yet. */
  mayRegister(manager: Manager): boolean;
  /**
   * Registers, or changes what was said before.
   * @throws INVALID_VALUE, SCOPE_MISSING where registration is closed, NOT_FOUND for others than oneself
   */
  save(manager: Manager, draft: DeveloperDraft, userId?: string): Promise<DeveloperView>;
  /** @returns undefined for who is none @throws NOT_FOUND for others than oneself */
  find(manager: Manager, userId?: string): Promise<DeveloperView | undefined>;
}

export interface DevelopersParts {
  readonly prisma: PrismaClient;
  readonly audit: Pick<Audit, 'record'>;
  readonly config: Pick<Config, 'developerRegistration'>;
}

export function createDevelopers({ prisma, audit, config }: DevelopersParts): Developers {
  const mayRegister = (manager: Manager) => manager.everybody || config.developerRegistration === 'open';

  async function save(manager: Manager, draft: DeveloperDraft, whose?: string): Promise<DeveloperView> {
    const userId = requireManaged(manager, whose);
    const data = {
      name: checkName(draft.name),
      website: checkWebAddress('website', draft.website),
      contactEmail: checkEmail(draft.contactEmail),
    };
    const known = await prisma.developer.findUnique({ where: { userId }, select: { userId: true } });
    if (!known && !mayRegister(manager)) throw closed();
    if (!known && !(await findUser(prisma, { id: userId }))) throw unknownUser();
    const saved = await prisma.developer.upsert({
      where: { userId },
      create: { userId, ...data },
      update: data,
    });
    const kind = known ? 'developer.changed' : 'developer.registered';
    await audit.record({ kind, userId, subject: userId, details: { name: data.name }, ...by(manager) });
    return saved;
  }

  const find = async (manager: Manager, whose?: string) =>
    (await prisma.developer.findUnique({ where: { userId: requireManaged(manager, whose) } })) ?? undefined;

  return { mayRegister, save, find };
}

function requireManaged(manager: Manager, whose: string | undefined): string {
  const userId = whose ?? ownUserId(manager);
  if (manages(manager, userId)) return userId;
  throw unknownUser();
}

const unknownUser = () => fault('NOT_FOUND', 'There is no such user.', { target: 'userId' });

const closed = () =>
  fault('SCOPE_MISSING', 'Only administrators can register developers.', {
    target: 'admin',
    hint: 'Ask an administrator of this server.',
  });
