// Mappers: listed, found, saved and deleted with the permissions of the caller.

import type { Audit } from '../../audit/create-audit.ts';
import { fault } from '../../base/errors.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import { didYouMean } from '../../base/near-name.ts';
import { coversSet } from '../../base/principal.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { type CompiledMapper, compileMapper } from '../compile/compile-mapper.ts';
import { checkMapperAccess, mayUseMapper } from '../document/check-access.ts';
import { checkMapper } from '../document/check-mapper.ts';
import type { MapperDraft } from '../document/schema.ts';
import { isAdmin, type MapperCaller } from './caller.ts';
import { includedMappers } from './included.ts';
import { createMapperStore } from './mapper-store.ts';
import type { MapperVersionView, MapperView } from './mapper-view.ts';
import type { StoredMapper } from './stored-mapper.ts';

export interface Mappers {
  /** @returns by name those that the caller may use or change */
  list(caller: MapperCaller, entity?: string): Promise<MapperView[]>;
  /** @throws NOT_FOUND, also for a mapper that the caller may not use */
  find(caller: MapperCaller, idOrName: string): Promise<MapperView>;
  /** Newest first. @throws NOT_FOUND */
  versions(caller: MapperCaller, idOrName: string): Promise<MapperVersionView[]>;
  /** @throws INVALID_VALUE with every error of the document, SCOPE_MISSING, CONFLICT for a name that is taken */
  create(caller: MapperCaller, document: unknown): Promise<MapperView>;
  /**
   * Saves a new version.
   * @param ifVersion the version that it must have
   * @throws NOT_FOUND, SCOPE_MISSING for the mapper of another user, PRECONDITION_FAILED, and as `create`
   */
  replace(caller: MapperCaller, idOrName: string, document: unknown, ifVersion?: string): Promise<MapperView>;
  /** @throws as `replace` */
  remove(caller: MapperCaller, idOrName: string, ifVersion?: string): Promise<void>;
  /** @returns a mapper that is ready to be used @throws UNKNOWN_MAPPER, CONFLICT if it no longer fits the catalog, SCOPE_MISSING */
  use(caller: MapperCaller, idOrName: string): Promise<UsableMapper>;
}

interface UsableMapper extends Pick<StoredMapper, 'id' | 'name' | 'version'> {
  readonly mapper: CompiledMapper;
}

export interface MappersDeps {
  readonly prisma: PrismaClient;
  readonly catalog: Catalog;
  readonly audit: Pick<Audit, 'record'>;
  /** Those that the project includes. */
  readonly included: readonly MapperDraft[];
}

const ownedMax = 200;
const compiledMax = 500;
/** Paths of the REST API. */
const reservedNames = ['guess', 'schema'];

export function createMappers({ prisma, catalog, audit, included: drafts }: MappersDeps): Mappers {
  const included = includedMappers(drafts, catalog);
  const store = createMapperStore(prisma);
  const compiled = new BoundedCache<CompiledMapper>(compiledMax);

  /** @throws INVALID_VALUE when it does not fit the catalog */
  function compile({ id, version, document }: StoredMapper): CompiledMapper {
    const key = `${id} ${version}`;
    const known = compiled.get(key);
    if (known) return known;
    const made = compileMapper(checkMapper(document, catalog));
    compiled.set(key, made);
    return made;
  }

  /** A credential does not see what it may not use, not even its owner's: a document names fields that may be restricted. */
  function maySee(stored: StoredMapper, caller: MapperCaller): boolean {
    if (isAdmin(caller)) return true;
    let mapper: CompiledMapper;
    try {
      mapper = compile(stored);
    } catch {
      // It no longer fits the catalog. Its owner can fix it.
      return isOwner(stored, caller) && coversSet(caller.principal.scopes, stored.entity, 'write');
    }
    return mayUseMapper(mapper, caller.principal);
  }

  const mayChange = (stored: StoredMapper, caller: MapperCaller): boolean =>
    !stored.included && (isAdmin(caller) || (isOwner(stored, caller) && maySee(stored, caller)));

  const toView = (stored: StoredMapper, caller: MapperCaller): MapperView => {
    const document = stored.document as MapperView['document'];
    const { id, name, entity, version, ownerId, savedAt } = stored;
    const { description, mode } = document;
    const editable = mayChange(stored, caller);
    return {
      id,
      name,
      description,
      entity,
      mode,
      version,
      included: stored.included,
      ownerId,
      editable,
      savedAt,
      document,
    };
  };

  const read = async (idOrName: string): Promise<StoredMapper | undefined> =>
    included.get(idOrName) ??
    (await store.find(idOrName)) ??
    [...included.values()].find(({ name }) => name === idOrName);

  async function visible(caller: MapperCaller, idOrName: string): Promise<StoredMapper> {
    const stored = await read(idOrName);
    if (stored && maySee(stored, caller)) return stored;
    throw fault('NOT_FOUND', `There is no mapper "${idOrName.slice(0, 100)}".`);
  }

  async function list(caller: MapperCaller, entity?: string): Promise<MapperView[]> {
    const all = [...included.values()].filter(one => entity === undefined || one.entity === entity);
    const seen = [...all, ...(await store.list(entity))].filter(one => maySee(one, caller));
    return seen.map(one => toView(one, caller)).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** @throws SCOPE_MISSING */
  async function changeable(caller: MapperCaller, idOrName: string): Promise<StoredMapper> {
    const stored = await visible(caller, idOrName);
    if (mayChange(stored, caller)) return stored;
    const message = stored.included
      ? `The mapper "${stored.name}" is included in the project and cannot be changed.`
      : 'Only its owner and administrators may change this mapper.';
    throw fault('SCOPE_MISSING', message, { target: 'admin', hint: 'Save a copy under another name.' });
  }

  function check(caller: MapperCaller, input: unknown) {
    const checked = checkMapper(input, catalog, caller.principal);
    checkMapperAccess(checked, caller.principal);
    const { document } = checked;
    if (
      reservedNames.includes(document.name.toLowerCase()) ||
      included.has(document.name) ||
      isIncludedName(document.name)
    )
      throw nameTaken(document.name);
    return document;
  }

  const isIncludedName = (name: string): boolean => [...included.values()].some(one => one.name === name);

  async function create(caller: MapperCaller, input: unknown): Promise<MapperView> {
    const document = check(caller, input);
    const { userId } = caller.principal;
    if ((await store.count(userId)) >= ownedMax)
      throw fault('CONFLICT', `A user has at most ${ownedMax} mappers.`, {
        hint: 'Delete an unused mapper.',
      });
    const id = await store.create(document, userId);
    if (id === undefined) throw nameTaken(document.name);
    await note(caller, 'mapper.created', id, document.name);
    return find(caller, id);
  }

  async function replace(caller: MapperCaller, idOrName: string, input: unknown, ifVersion?: string) {
    const stored = await changeable(caller, idOrName);
    const document = check(caller, input);
    const version = readVersion(ifVersion);
    const { kind } = await store.replace(stored.id, document, caller.principal.userId, version);
    if (kind === 'nameTaken') throw nameTaken(document.name);
    if (kind === 'changed') throw versionChanged();
    if (kind === 'gone') throw fault('NOT_FOUND', `There is no mapper "${idOrName.slice(0, 100)}".`);
    await note(caller, 'mapper.changed', stored.id, document.name);
    return find(caller, stored.id);
  }

  async function remove(caller: MapperCaller, idOrName: string, ifVersion?: string): Promise<void> {
    const stored = await changeable(caller, idOrName);
    if (!(await store.remove(stored.id, readVersion(ifVersion)))) throw versionChanged();
    await note(caller, 'mapper.deleted', stored.id, stored.name);
  }

  const note = (caller: MapperCaller, kind: string, subject: string, name: string) =>
    audit.record({ ...caller, kind, subject, userId: caller.principal.userId, details: { name } });

  const find = async (caller: MapperCaller, idOrName: string) =>
    toView(await visible(caller, idOrName), caller);

  async function versions(caller: MapperCaller, idOrName: string): Promise<MapperVersionView[]> {
    const stored = await visible(caller, idOrName);
    const { version, savedAt, document } = toView(stored, caller);
    if (stored.included) return [{ version, savedAt, savedById: null, document }];
    const rows = await store.versions(stored.id);
    return rows.map(row => ({
      version: String(row.version),
      savedAt: row.createdAt,
      savedById: row.createdById,
      document: row.document as MapperVersionView['document'],
    }));
  }

  async function use(caller: MapperCaller, idOrName: string): Promise<UsableMapper> {
    const stored = await read(idOrName);
    if (!stored || !maySee(stored, caller)) throw await unknownMapper(caller, idOrName);
    const { id, name, version } = stored;
    const mapper = fitting(stored);
    checkMapperAccess(mapper, caller.principal);
    return { id, name, version, mapper };
  }

  /** @throws CONFLICT */
  function fitting(stored: StoredMapper): CompiledMapper {
    try {
      return compile(stored);
    } catch (error) {
      const { message, details } = error as { message: string; details?: readonly unknown[] };
      throw fault('CONFLICT', `The mapper "${stored.name}" no longer fits the API schema. ${message}`, {
        hint: 'Save a new version of it.',
        target: 'mapperId',
        details,
      });
    }
  }

  async function unknownMapper(caller: MapperCaller, idOrName: string) {
    const names = (await list(caller)).map(({ name }) => name);
    return fault('UNKNOWN_MAPPER', `There is no mapper "${idOrName.slice(0, 80)}".`, {
      hint: didYouMean(idOrName, names) ?? 'Leave mapperId out to match columns by name.',
      target: 'mapperId',
    });
  }

  return { list, find, versions, create, replace, remove, use };
}

const isOwner = ({ ownerId }: StoredMapper, { principal }: MapperCaller): boolean =>
  ownerId !== null && ownerId === principal.userId;

const nameTaken = (name: string) =>
  fault('CONFLICT', `The name "${name}" is taken.`, { target: 'name', hint: 'Choose another name.' });

const versionChanged = () =>
  fault('PRECONDITION_FAILED', 'The mapper was changed or deleted since you read it.', {
    target: 'if-match',
    hint: 'Read it again, and save your changes to its current version.',
  });

/** @throws PRECONDITION_FAILED for what is no version of a mapper */
function readVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw versionChanged();
}
