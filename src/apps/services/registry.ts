// The apps themselves: made, changed, disabled and deleted by those who own them, and by administrators.

import type { Audit } from '../../audit/create-audit.ts';
import { ownedScopes } from '../../auth/scopes/roles.ts';
import { fault } from '../../base/errors.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { forgetRedirectUris } from '../../platform/tables/app-grants.ts';
import { findAppOwner } from '../../platform/tables/users.ts';
import { createRequireReach } from './app-reach.ts';
import { changed, requireUse, unknownApp } from './app-rules.ts';
import { type AppStates, createAppStates, noteOf } from './app-states.ts';
import { type AppView, toView, viewed } from './app-view.ts';
import { isClientId, makeClientId } from './client-id.ts';
import { checkDescription, checkName, checkScopes, checkWebAddress } from './fields.ts';
import { isUserId, type Manager, manages, ownUserId } from './manager.ts';
import { checkRedirectUris } from './redirect-uri.ts';

export interface AppDraft {
  /** 1 to 80 characters. */
  readonly name: string;
  readonly description?: string | null;
  /** https. */
  readonly homePage?: string | null;
  readonly redirectUris?: readonly string[];
  /** The most that it may ask for; of `admin`, administrators' apps alone. */
  readonly scopes: string | readonly string[];
  /** Whether it can keep a secret. Fixed for good: what was issued to the one must not serve the other. */
  readonly confidential: boolean;
  /** Whether it may act for itself, within what its owner may do. */
  readonly clientCredentials?: boolean;
  /** Whose it becomes, instead of the manager's own: an e-mail address. */
  readonly owner?: string;
}

/** What is left out stays as it is. */
type AppChanges = Partial<Omit<AppDraft, 'confidential' | 'owner'>>;

interface AppFilter {
  readonly ownerId?: string;
  /** Text that its name, id or owner contains. */
  readonly search?: string;
}

export interface Registry extends AppStates {
  /** @throws INVALID_VALUE, SCOPE_MISSING, NOT_FOUND for the owner, CONFLICT where the owner is no developer or has too many */
  create(manager: Manager, draft: AppDraft): Promise<AppView>;
  /** @returns the newest first: those of others only to who manages everybody, at most 500 */
  list(manager: Manager, filter?: AppFilter): Promise<AppView[]>;
  /** @throws NOT_FOUND, also for what belongs to others */
  find(manager: Manager, id: string): Promise<AppView>;
  /**
   * Users are asked again for scopes that are added, and for all when the redirect URIs change; of scopes that are taken
   * away, no token has any more. @throws as `create`
   */
  change(manager: Manager, id: string, changes: AppChanges): Promise<AppView>;
}

export interface RegistryParts {
  readonly prisma: PrismaClient;
  readonly audit: Pick<Audit, 'record'>;
  readonly knownScopes: readonly string[];
}

const appsMax = 100;
const listMax = 500;

export const createRegistry = (deps: RegistryParts): Registry => new AppRegistry(deps);

class AppRegistry implements Registry {
  readonly #deps: RegistryParts;
  readonly #note;
  readonly #requireReach;
  readonly #states: AppStates;

  constructor(deps: RegistryParts) {
    this.#deps = deps;
    this.#note = noteOf(deps.audit);
    this.#requireReach = createRequireReach(deps);
    const find = (manager: Manager, id: string) => this.find(manager, id);
    this.#states = createAppStates({ ...deps, find, requireReach: this.#requireReach });
  }

  setLogo(...args: Parameters<AppStates['setLogo']>) {
    return this.#states.setLogo(...args);
  }

  disable(...args: Parameters<AppStates['disable']>) {
    return this.#states.disable(...args);
  }

  enable(...args: Parameters<AppStates['enable']>) {
    return this.#states.enable(...args);
  }

  remove(...args: Parameters<AppStates['remove']>) {
    return this.#states.remove(...args);
  }

  logo(id: string) {
    return this.#states.logo(id);
  }

  async create(manager: Manager, draft: AppDraft): Promise<AppView> {
    const { knownScopes, prisma } = this.#deps;
    const owner = await this.#findOwner(manager, draft.owner);
    const data = {
      name: checkName(draft.name),
      description: checkDescription(draft.description),
      homePage: checkWebAddress('homePage', draft.homePage),
      redirectUris: checkRedirectUris(draft.redirectUris ?? []),
      scopes: checkScopes(draft.scopes, knownScopes, owner.scopes),
      confidential: draft.confidential,
      clientCredentials: draft.clientCredentials ?? false,
    };
    requireUse(data);
    await this.#requireReach(manager, { ...data, owner });
    const app = { id: makeClientId(), ownerId: owner.id, ...data };
    const view = toView(await prisma.oauthApp.create({ data: app, ...viewed() }));
    await this.#note(manager, 'app.created', view, { scopes: view.scopes, redirectUris: view.redirectUris });
    return view;
  }

  /** @throws NOT_FOUND, CONFLICT */
  async #findOwner(manager: Manager, email: string | undefined) {
    const where =
      email === undefined
        ? { id: ownUserId(manager) }
        : { email: email.trim().toLowerCase().replaceAll('\0', '') };
    const owner = await findAppOwner(this.#deps.prisma, where);
    if (!owner || owner.disabledAt || !manages(manager, owner.id))
      throw fault('NOT_FOUND', 'There is no such user.', { target: 'owner' });
    if (!owner.developer && !manager.everybody)
      throw fault('CONFLICT', 'The owner of an app must be a developer. Register as a developer first.', {
        target: 'developer',
      });
    if (owner._count.apps >= appsMax)
      throw fault('CONFLICT', `A developer has at most ${appsMax} apps.`, {
        hint: 'Delete an unused app.',
      });
    return { id: owner.id, scopes: new Set(ownedScopes(owner, this.#deps.knownScopes)) };
  }

  async list(manager: Manager, { ownerId, search }: AppFilter = {}): Promise<AppView[]> {
    const own = manager.everybody ? ownerId : ownUserId(manager);
    if (own !== undefined && (!isUserId(own) || (ownerId !== undefined && own !== ownerId))) return [];
    // What no text of the database can hold is contained in none.
    if (search?.includes('\0')) return [];
    const text = { contains: search ?? '', mode: 'insensitive' as const };
    const found = search ? { OR: [{ name: text }, { id: text }, { owner: { email: text } }] } : {};
    const rows = await this.#deps.prisma.oauthApp.findMany({
      where: { ...(own === undefined ? {} : { ownerId: own }), ...found },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take: listMax,
      ...viewed(),
    });
    return rows.map(toView);
  }

  async find(manager: Manager, id: string): Promise<AppView> {
    const row = isClientId(id)
      ? await this.#deps.prisma.oauthApp.findUnique({ where: { id }, ...viewed() })
      : null;
    if (!row || !manages(manager, row.ownerId)) throw unknownApp(id);
    return toView(row);
  }

  async change(manager: Manager, id: string, changes: AppChanges): Promise<AppView> {
    const app = await this.find(manager, id);
    if (app.kind === 'plugin') throw fault('CONFLICT', 'The app of a plugin is managed by its plugin.');
    const owner = (await findAppOwner(this.#deps.prisma, { id: app.owner.id }))!;
    const owned = new Set(ownedScopes(owner, this.#deps.knownScopes));
    // Only what becomes otherwise is written: a change at the same time must not bring back an address that was taken away.
    const wanted = changed(app, checkChanges(changes, this.#deps.knownScopes, owned));
    requireUse({ ...app, ...wanted });
    if (wanted.redirectUris || wanted.scopes || wanted.clientCredentials !== undefined)
      await this.#requireReach(manager, { ...app, scopes: [...app.scopes, ...(wanted.scopes ?? [])] });
    await this.#write(id, wanted);
    const view = await this.find(manager, id);
    await this.#note(manager, 'app.changed', view, wanted);
    return view;
  }

  /** Who agreed to be sent to an app's addresses did not agree to others: nobody is sent there without being asked. */
  #write(id: string, wanted: Partial<ReturnType<typeof checkChanges>>) {
    return this.#deps.prisma.$transaction(async transaction => {
      const { count } = await transaction.oauthApp.updateMany({ where: { id }, data: wanted });
      if (count === 0) throw unknownApp(id);
      if (wanted.redirectUris) await forgetRedirectUris(transaction, id);
    });
  }
}

/** @returns what is given, checked */
function checkChanges(changes: AppChanges, known: readonly string[], owned: ReadonlySet<string>) {
  const { name, description, homePage, redirectUris, scopes, clientCredentials } = changes;
  return {
    ...(name !== undefined && { name: checkName(name) }),
    ...(description !== undefined && { description: checkDescription(description) }),
    ...(homePage !== undefined && { homePage: checkWebAddress('homePage', homePage) }),
    ...(redirectUris !== undefined && { redirectUris: checkRedirectUris(redirectUris) }),
    ...(scopes !== undefined && { scopes: checkScopes(scopes, known, owned) }),
    ...(clientCredentials !== undefined && { clientCredentials }),
  };
}
