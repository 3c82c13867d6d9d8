// The apps themselves: made, changed, disabled and deleted by those who own them, and by administrators.

import type { Audit } from '../audit/create-audit.ts';
import { ownedScopes } from '../auth/roles.ts';
import { effectiveScopes, requireScopes } from '../auth/scopes.ts';
import { type Fault, fault } from '../base/errors.ts';
import type { PrismaClient } from '../base/prisma.ts';
import { type AppView, toView, viewed } from './app-view.ts';
import { isClientId, makeClientId } from './client-id.ts';
import { checkDescription, checkName, checkScopes, checkWebAddress } from './fields.ts';
import { checkLogo, type Logo } from './logo.ts';
import { by, isUserId, type Manager, manages, ownUserId, userIdOf } from './manager.ts';
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
export type AppChanges = Partial<Omit<AppDraft, 'confidential' | 'owner'>>;

export interface AppFilter {
  readonly ownerId?: string;
  /** Text that its name, id or owner contains. */
  readonly search?: string;
}

export interface Registry {
  /** @throws INVALID_VALUE, SCOPE_MISSING, NOT_FOUND for the owner, CONFLICT where the owner is no developer or has too many */
  create(manager: Manager, draft: AppDraft): Promise<AppView>;
  /** @returns the newest first: those of others only to who manages everybody, at most 500 */
  list(manager: Manager, filter?: AppFilter): Promise<AppView[]>;
  /** @throws NOT_FOUND, also for what belongs to others */
  find(manager: Manager, id: string): Promise<AppView>;
  /** Users are asked again for scopes that are added; of those that are taken away, no token has any more. @throws as `create` */
  change(manager: Manager, id: string, changes: AppChanges): Promise<AppView>;
  /** @param logo null to have none @throws as `checkLogo`, NOT_FOUND */
  setLogo(manager: Manager, id: string, logo: Buffer | null): Promise<AppView>;
  /** It gets no tokens any more and those it has are refused, on every instance within a second. @throws NOT_FOUND */
  disable(manager: Manager, id: string): Promise<AppView>;
  /** @throws NOT_FOUND, CONFLICT where an administrator disabled it */
  enable(manager: Manager, id: string): Promise<AppView>;
  /** With everything that was ever granted to it. @throws NOT_FOUND */
  remove(manager: Manager, id: string): Promise<void>;
  /** For anybody: whoever is asked for consent sees it. @returns undefined for none, and for apps that are disabled */
  logo(id: string): Promise<Logo | undefined>;
}

export interface RegistryParts {
  readonly prisma: PrismaClient;
  readonly audit: Pick<Audit, 'record'>;
  readonly knownScopes: readonly string[];
}

const appsMax = 100;
const listMax = 500;

export function createRegistry({ prisma, audit, knownScopes }: RegistryParts): Registry {
  async function create(manager: Manager, draft: AppDraft): Promise<AppView> {
    const owner = await findOwner(manager, draft.owner);
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
    requireReach(manager, data, owner.scopes);
    const app = { id: makeClientId(), ownerId: owner.id, ...data };
    const view = toView(await prisma.oauthApp.create({ data: app, ...viewed() }));
    await note(manager, 'app.created', view, { scopes: view.scopes, redirectUris: view.redirectUris });
    return view;
  }

  /** @throws NOT_FOUND, CONFLICT */
  async function findOwner(manager: Manager, email: string | undefined) {
    const where =
      email === undefined
        ? { id: ownUserId(manager) }
        : { email: email.trim().toLowerCase().replaceAll('\0', '') };
    const owner = await readOwner(where);
    if (!owner || owner.disabledAt || !manages(manager, owner.id))
      throw fault('NOT_FOUND', 'There is no such user.', { target: 'owner' });
    if (!owner.developer && !manager.everybody)
      throw fault('CONFLICT', 'Apps belong to developers: register as one first.', { target: 'developer' });
    if (owner._count.apps >= appsMax)
      throw fault('CONFLICT', `Nobody has more than ${appsMax} apps.`, {
        hint: 'Delete one that is not used.',
      });
    return { id: owner.id, scopes: new Set(ownedScopes(owner, knownScopes)) };
  }

  const readOwner = (where: { id: string } | { email: string }) =>
    prisma.user.findUnique({
      where,
      select: {
        ...{ id: true, role: true, scopes: true, disabledAt: true },
        developer: { select: { userId: true } },
        _count: { select: { apps: true } },
      },
    });

  async function list(manager: Manager, { ownerId, search }: AppFilter = {}): Promise<AppView[]> {
    const own = manager.everybody ? ownerId : ownUserId(manager);
    if (own !== undefined && (!isUserId(own) || (ownerId !== undefined && own !== ownerId))) return [];
    // What no text of the database can hold is contained in none.
    if (search?.includes('\0')) return [];
    const text = { contains: search ?? '', mode: 'insensitive' as const };
    const found = search ? { OR: [{ name: text }, { id: text }, { owner: { email: text } }] } : {};
    const rows = await prisma.oauthApp.findMany({
      where: { ...(own === undefined ? {} : { ownerId: own }), ...found },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take: listMax,
      ...viewed(),
    });
    return rows.map(toView);
  }

  async function find(manager: Manager, id: string): Promise<AppView> {
    const row = isClientId(id) ? await prisma.oauthApp.findUnique({ where: { id }, ...viewed() }) : null;
    if (!row || !manages(manager, row.ownerId)) throw unknownApp(id);
    return toView(row);
  }

  async function change(manager: Manager, id: string, changes: AppChanges): Promise<AppView> {
    const app = await find(manager, id);
    if (app.kind === 'plugin') throw fault('CONFLICT', 'The app of a plugin changes with its plugin.');
    const owner = (await readOwner({ id: app.owner.id }))!;
    const owned = new Set(ownedScopes(owner, knownScopes));
    const { name, description, homePage, redirectUris, scopes, clientCredentials } = changes;
    const data = {
      name: name === undefined ? app.name : checkName(name),
      description: description === undefined ? app.description : checkDescription(description),
      homePage: homePage === undefined ? app.homePage : checkWebAddress('homePage', homePage),
      redirectUris: redirectUris === undefined ? [...app.redirectUris] : checkRedirectUris(redirectUris),
      scopes: scopes === undefined ? [...app.scopes] : checkScopes(scopes, knownScopes, owned),
      clientCredentials: clientCredentials ?? app.clientCredentials,
    };
    requireUse({ ...data, confidential: app.confidential });
    if (scopes !== undefined || clientCredentials !== undefined) requireReach(manager, data, owned);
    return store(manager, app, data, 'app.changed', changed(app, data));
  }

  async function setLogo(manager: Manager, id: string, logo: Buffer | null): Promise<AppView> {
    const app = await find(manager, id);
    const checked = logo && checkLogo(logo);
    const data = { logo: checked && Uint8Array.from(checked.bytes), logoType: checked?.type ?? null };
    return store(manager, app, data, 'app.changed', { logo: checked?.type ?? null });
  }

  async function disable(manager: Manager, id: string): Promise<AppView> {
    const app = await find(manager, id);
    // Disabled by an administrator it stays so, whatever its owner does.
    if (app.disabledAt && (app.locked || userIdOf(manager) === app.owner.id)) return app;
    const data = { disabledAt: app.disabledAt ?? new Date(), disabledById: userIdOf(manager) ?? null };
    return store(manager, app, data, 'app.disabled');
  }

  async function enable(manager: Manager, id: string): Promise<AppView> {
    const app = await find(manager, id);
    if (!app.disabledAt) return app;
    if (app.locked && !manager.everybody)
      throw fault('CONFLICT', 'An administrator disabled this app: only an administrator can enable it.');
    return store(manager, app, { disabledAt: null, disabledById: null }, 'app.enabled');
  }

  async function remove(manager: Manager, id: string): Promise<void> {
    const app = await find(manager, id);
    await prisma.$transaction([
      // Codes and refresh tokens hang on grants by hash alone, so that nothing deletes them with the app.
      prisma.$executeRaw`DELETE FROM "portolan_oauth_artifact" WHERE "grantId" IN (SELECT "id" FROM "portolan_app_grant" WHERE "appId" = ${id})`,
      prisma.oauthApp.deleteMany({ where: { id } }),
    ]);
    await note(manager, 'app.deleted', app);
  }

  async function logo(id: string): Promise<Logo | undefined> {
    if (!isClientId(id)) return undefined;
    const select = { logo: true, logoType: true };
    const row = await prisma.oauthApp.findUnique({ where: { id, disabledAt: null }, select });
    return row?.logo ? { type: row.logoType as Logo['type'], bytes: Buffer.from(row.logo) } : undefined;
  }

  async function store(
    manager: Manager,
    { id }: AppView,
    data: Parameters<PrismaClient['oauthApp']['update']>[0]['data'],
    kind: string,
    details?: Readonly<Record<string, unknown>>,
  ): Promise<AppView> {
    const row = await prisma.oauthApp.update({ where: { id }, data, ...viewed() }).catch(error => {
      throw error?.code === 'P2025' ? unknownApp(id) : error;
    });
    const view = toView(row);
    await note(manager, kind, view, details);
    return view;
  }

  const note = (manager: Manager, kind: string, app: AppView, details?: Readonly<Record<string, unknown>>) =>
    audit.record({
      ...{ kind, userId: app.owner.id, subject: app.id },
      details: { name: app.name, ...details },
      ...by(manager),
    });

  return { create, list, find, change, setLogo, disable, enable, remove, logo };
}

interface Use {
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
}

/** @throws INVALID_VALUE for an app that could do nothing, and for secrets where none can be kept */
function requireUse({ redirectUris, confidential, clientCredentials }: Use): void {
  if (clientCredentials && !confidential)
    throw invalid('clientCredentials', 'Only an app that can keep a secret may act for itself.');
  const native = redirectUris.find(uri => !/^https?:/.test(uri));
  if (native && confidential)
    throw invalid('redirectUris', `Only public apps are opened by ${native.slice(0, 100)}.`);
  if (redirectUris.length === 0 && !clientCredentials)
    throw invalid('redirectUris', 'An app needs a redirect URI, unless it acts for itself alone.');
}

/** Nobody hands out more than they have: what the app could do for itself, its maker must be able to do. @throws SCOPE_MISSING */
export function requireReach(
  { principal }: Manager,
  app: { readonly scopes: readonly string[]; readonly clientCredentials: boolean },
  owned: ReadonlySet<string>,
): void {
  if (!principal || !app.clientCredentials) return;
  requireScopes(principal.scopes, effectiveScopes(app.scopes, owned), 'Your own credential');
}

/** @returns what the audit trail says of a change: the new values of what is no longer as it was */
function changed(app: AppView, data: AppChanges): Record<string, unknown> {
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(app[name as keyof AppView]);
  return Object.fromEntries(Object.entries(data).filter(differs));
}

const unknownApp = (id: string): Fault =>
  fault('NOT_FOUND', `There is no app ${id.slice(0, 40)}.`, { target: 'id' });

const invalid = (target: string, message: string): Fault => fault('INVALID_VALUE', message, { target });
