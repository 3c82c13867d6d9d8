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
import { isOwner, nameTaken, readVersion, reservedNames, versionChanged } from './mapper-rules.ts';
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
export const createMappers = (deps: MappersDeps): Mappers => new MapperService(deps);

class MapperService implements Mappers {
  readonly #deps: MappersDeps;
  readonly #included;
  readonly #store;
  readonly #compiled = new BoundedCache<CompiledMapper>(compiledMax);

  constructor(deps: MappersDeps) {
    const { included, catalog, prisma } = deps;
    this.#deps = deps;
    this.#included = includedMappers(included, catalog);
    this.#store = createMapperStore(prisma);
  }

  /** @throws INVALID_VALUE when it does not fit the catalog */
  #compile({ id, version, document }: StoredMapper): CompiledMapper {
    const key = `${id} ${version}`;
    const known = this.#compiled.get(key);
    if (known) return known;
    const made = compileMapper(checkMapper(document, this.#deps.catalog));
    this.#compiled.set(key, made);
    return made;
  }

  /** A credential does not see what it may not use, not even its owner's: a document names fields that may be restricted. */
  #maySee(stored: StoredMapper, caller: MapperCaller): boolean {
    if (isAdmin(caller)) return true;
    let mapper: CompiledMapper;
    try {
      mapper = this.#compile(stored);
    } catch {
      // It no longer fits the catalog. Its owner can mend it.
      return isOwner(stored, caller) && coversSet(caller.principal.scopes, stored.entity, 'write');
    }
    return mayUseMapper(mapper, caller.principal);
  }

  #mayChange(stored: StoredMapper, caller: MapperCaller): boolean {
    return !stored.included && (isAdmin(caller) || (isOwner(stored, caller) && this.#maySee(stored, caller)));
  }

  #toView(stored: StoredMapper, caller: MapperCaller): MapperView {
    const document = stored.document as MapperView['document'];
    const { id, name, entity, version, ownerId, included, savedAt } = stored;
    const { description, mode } = document;
    const editable = this.#mayChange(stored, caller);
    return { id, name, description, entity, mode, version, included, ownerId, editable, savedAt, document };
  }

  async #read(idOrName: string): Promise<StoredMapper | undefined> {
    return (
      this.#included.get(idOrName) ??
      (await this.#store.find(idOrName)) ??
      [...this.#included.values()].find(({ name }) => name === idOrName)
    );
  }

  async #visible(caller: MapperCaller, idOrName: string): Promise<StoredMapper> {
    const stored = await this.#read(idOrName);
    if (stored && this.#maySee(stored, caller)) return stored;
    throw fault('NOT_FOUND', `There is no mapper "${idOrName.slice(0, 100)}".`);
  }

  async list(caller: MapperCaller, entity?: string): Promise<MapperView[]> {
    const all = [...this.#included.values()].filter(one => entity === undefined || one.entity === entity);
    const seen = [...all, ...(await this.#store.list(entity))].filter(one => this.#maySee(one, caller));
    return seen.map(one => this.#toView(one, caller)).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** @throws SCOPE_MISSING */
  async #changeable(caller: MapperCaller, idOrName: string): Promise<StoredMapper> {
    const stored = await this.#visible(caller, idOrName);
    if (this.#mayChange(stored, caller)) return stored;
    const message = stored.included
      ? `The mapper "${stored.name}" is included in the project and cannot be changed.`
      : 'Only its owner and administrators may change this mapper.';
    throw fault('SCOPE_MISSING', message, { target: 'admin', hint: 'Save a copy under another name.' });
  }

  #check(caller: MapperCaller, input: unknown) {
    const checked = checkMapper(input, this.#deps.catalog, caller.principal);
    checkMapperAccess(checked, caller.principal);
    const { document } = checked;
    if (
      reservedNames.includes(document.name.toLowerCase()) ||
      this.#included.has(document.name) ||
      this.#isIncludedName(document.name)
    )
      throw nameTaken(document.name);
    return document;
  }

  #isIncludedName(name: string): boolean {
    return [...this.#included.values()].some(one => one.name === name);
  }

  async create(caller: MapperCaller, input: unknown): Promise<MapperView> {
    const document = this.#check(caller, input);
    const { userId } = caller.principal;
    if ((await this.#store.count(userId)) >= ownedMax)
      throw fault('CONFLICT', `A user has at most ${ownedMax} mappers.`, {
        hint: 'Delete an unused mapper.',
      });
    const id = await this.#store.create(document, userId);
    if (id === undefined) throw nameTaken(document.name);
    await this.#note(caller, 'mapper.created', id, document.name);
    return this.find(caller, id);
  }

  async replace(caller: MapperCaller, idOrName: string, input: unknown, ifVersion?: string) {
    const stored = await this.#changeable(caller, idOrName);
    const document = this.#check(caller, input);
    const version = readVersion(ifVersion);
    const { kind } = await this.#store.replace(stored.id, document, caller.principal.userId, version);
    if (kind === 'nameTaken') throw nameTaken(document.name);
    if (kind === 'changed') throw versionChanged();
    if (kind === 'gone') throw fault('NOT_FOUND', `There is no mapper "${idOrName.slice(0, 100)}".`);
    await this.#note(caller, 'mapper.changed', stored.id, document.name);
    return this.find(caller, stored.id);
  }

  async remove(caller: MapperCaller, idOrName: string, ifVersion?: string): Promise<void> {
    const stored = await this.#changeable(caller, idOrName);
    if (!(await this.#store.remove(stored.id, readVersion(ifVersion)))) throw versionChanged();
    await this.#note(caller, 'mapper.deleted', stored.id, stored.name);
  }

  #note(caller: MapperCaller, kind: string, subject: string, name: string) {
    return this.#deps.audit.record({
      ...caller,
      kind,
      subject,
      userId: caller.principal.userId,
      details: { name },
    });
  }

  async find(caller: MapperCaller, idOrName: string) {
    return this.#toView(await this.#visible(caller, idOrName), caller);
  }

  async versions(caller: MapperCaller, idOrName: string): Promise<MapperVersionView[]> {
    const stored = await this.#visible(caller, idOrName);
    const { version, savedAt, document } = this.#toView(stored, caller);
    if (stored.included) return [{ version, savedAt, savedById: null, document }];
    const rows = await this.#store.versions(stored.id);
    return rows.map(row => ({
      version: String(row.version),
      savedAt: row.createdAt,
      savedById: row.createdById,
      document: row.document as MapperVersionView['document'],
    }));
  }

  async use(caller: MapperCaller, idOrName: string): Promise<UsableMapper> {
    const stored = await this.#read(idOrName);
    if (!stored || !this.#maySee(stored, caller)) throw await this.#unknownMapper(caller, idOrName);
    const { id, name, version } = stored;
    const mapper = this.#fitting(stored);
    checkMapperAccess(mapper, caller.principal);
    return { id, name, version, mapper };
  }

  /** @throws CONFLICT */
  #fitting(stored: StoredMapper): CompiledMapper {
    try {
      return this.#compile(stored);
    } catch (error) {
      const { message, details } = error as { message: string; details?: readonly unknown[] };
      throw fault('CONFLICT', `The mapper "${stored.name}" no longer fits the API schema. ${message}`, {
        hint: 'Save a new version of it.',
        target: 'mapperId',
        details,
      });
    }
  }

  async #unknownMapper(caller: MapperCaller, idOrName: string) {
    const names = (await this.list(caller)).map(({ name }) => name);
    return fault('UNKNOWN_MAPPER', `There is no mapper "${idOrName.slice(0, 80)}".`, {
      hint: didYouMean(idOrName, names) ?? 'Leave mapperId out to match columns by name.',
      target: 'mapperId',
    });
  }
}
