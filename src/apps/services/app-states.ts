// What becomes of an app: its logo, whether it may be used, and its end.

import type { Audit } from '../../audit/create-audit.ts';
import { fault } from '../../base/errors.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { revokeKeysMadeBy } from '../../platform/tables/api-keys.ts';
import { removeArtifactsOfApp } from '../../platform/tables/oauth-artifacts.ts';
import type { RequireReach } from './app-reach.ts';
import { unknownApp } from './app-rules.ts';
import type { AppView } from './app-view.ts';
import { isClientId } from './client-id.ts';
import { checkLogo, type Logo } from './logo.ts';
import { by, type Manager, userIdOf } from './manager.ts';

export interface AppStates {
  /** @param logo null to have none @throws as `checkLogo`, NOT_FOUND */
  setLogo(manager: Manager, id: string, logo: Buffer | null): Promise<AppView>;
  /** It gets no tokens any more and those it has are refused, on every instance within a second. @throws NOT_FOUND */
  disable(manager: Manager, id: string): Promise<AppView>;
  /** What it was allowed is its own again. @throws NOT_FOUND, SCOPE_MISSING, CONFLICT where an administrator disabled it */
  enable(manager: Manager, id: string): Promise<AppView>;
  /** With everything that was ever granted to it. @throws NOT_FOUND */
  remove(manager: Manager, id: string): Promise<void>;
  /** Public: the consent page shows it. @returns undefined if there is none, or the app is disabled */
  logo(id: string): Promise<Logo | undefined>;
}

export interface AppStatesParts {
  readonly prisma: PrismaClient;
  readonly audit: Pick<Audit, 'record'>;
  /** @throws NOT_FOUND, also for what belongs to others */
  readonly find: (manager: Manager, id: string) => Promise<AppView>;
  readonly requireReach: RequireReach;
}

export const createAppStates = (deps: AppStatesParts): AppStates => new AppStateService(deps);

class AppStateService implements AppStates {
  readonly #deps: AppStatesParts;
  readonly #note;

  constructor(deps: AppStatesParts) {
    this.#deps = deps;
    this.#note = noteOf(deps.audit);
  }

  async setLogo(manager: Manager, id: string, logo: Buffer | null): Promise<AppView> {
    const { find, prisma } = this.#deps;
    await find(manager, id);
    const checked = logo && checkLogo(logo);
    const data = { logo: checked && Uint8Array.from(checked.bytes), logoType: checked?.type ?? null };
    const { count } = await prisma.oauthApp.updateMany({ where: { id }, data });
    if (count === 0) throw unknownApp(id);
    return this.#told(manager, id, 'app.changed', { logo: checked?.type ?? null });
  }

  async disable(manager: Manager, id: string): Promise<AppView> {
    const { find, prisma } = this.#deps;
    const { owner } = await find(manager, id);
    const userId = userIdOf(manager) ?? null;
    // If someone else disabled the app, the owner cannot enable it, whatever came first.
    const weaker = userId === owner.id ? [] : [{ disabledById: owner.id }];
    const { count } = await prisma.oauthApp.updateMany({
      where: { id, OR: [{ disabledAt: null }, ...weaker] },
      data: { disabledAt: new Date(), disabledById: userId },
    });
    return count === 0 ? find(manager, id) : this.#told(manager, id, 'app.disabled');
  }

  async enable(manager: Manager, id: string): Promise<AppView> {
    const { find, requireReach, prisma } = this.#deps;
    const disabled = await find(manager, id);
    const { owner } = disabled;
    // Above the word of another administrator, its owner is one administrator like others.
    const asOwner = !disabled.locked || !manager.everybody;
    await requireReach(manager, { ...disabled, owner: asOwner ? owner : undefined });
    const mayEnable = manager.everybody ? {} : { disabledById: owner.id };
    const { count } = await prisma.oauthApp.updateMany({
      where: { id, disabledAt: { not: null }, ...mayEnable },
      data: { disabledAt: null, disabledById: null },
    });
    if (count > 0) return this.#told(manager, id, 'app.enabled');
    const app = await find(manager, id);
    if (!app.disabledAt) return app;
    throw fault('CONFLICT', 'An administrator disabled this app: only an administrator can enable it.');
  }

  async remove(manager: Manager, id: string): Promise<void> {
    const { find, prisma } = this.#deps;
    const app = await find(manager, id);
    await prisma.$transaction([
      removeArtifactsOfApp(prisma, id),
      revokeKeysMadeBy(prisma, { appId: id }),
      prisma.oauthApp.deleteMany({ where: { id } }),
    ]);
    await this.#note(manager, 'app.deleted', app);
  }

  async logo(id: string): Promise<Logo | undefined> {
    if (!isClientId(id)) return undefined;
    const select = { logo: true, logoType: true };
    const row = await this.#deps.prisma.oauthApp.findUnique({ where: { id, disabledAt: null }, select });
    return row?.logo ? { type: row.logoType as Logo['type'], bytes: Buffer.from(row.logo) } : undefined;
  }

  /** Records the change in the audit log. @returns the app as it is now */
  async #told(manager: Manager, id: string, kind: string, details?: Details): Promise<AppView> {
    const app = await this.#deps.find(manager, id);
    await this.#note(manager, kind, app, details);
    return app;
  }
}

type Details = Readonly<Record<string, unknown>>;

/** @returns a function that records in the audit log what was done to an app */
export const noteOf =
  (audit: Pick<Audit, 'record'>) => (manager: Manager, kind: string, app: AppView, details?: Details) =>
    audit.record({
      kind,
      userId: app.owner.id,
      subject: app.id,
      details: { name: app.name, ...details },
      ...by(manager),
    });
