// The tables of mappers and their versions.

import { isUuid } from '../../base/uuid.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import type { MapperDocument } from '../document/schema.ts';
import type { StoredMapper } from './stored-mapper.ts';

interface StoredVersion {
  readonly version: number;
  readonly createdAt: Date;
  readonly createdById: string | null;
  readonly document: unknown;
}

/** The newest versions of a mapper are kept. */
const versionsMax = 100;
const listedMax = 1_000;

type Saved = { readonly kind: 'saved' } | { readonly kind: 'gone' | 'changed' | 'nameTaken' };

export interface MapperStore {
  /** By name. */
  list(entity?: string): Promise<StoredMapper[]>;
  find(idOrName: string): Promise<StoredMapper | undefined>;
  count(ownerId: string): Promise<number>;
  /** @returns its id, or undefined if the name is taken */
  create(document: MapperDocument, ownerId: string): Promise<string | undefined>;
  /** @param ifVersion the version that it must have */
  replace(id: string, document: MapperDocument, userId: string, ifVersion?: number): Promise<Saved>;
  /** @returns whether it existed, with this version */
  remove(id: string, ifVersion?: number): Promise<boolean>;
  /** Newest first. */
  versions(id: string): Promise<StoredVersion[]>;
}

export const createMapperStore = (deps: PrismaClient): MapperStore => new PrismaMapperStore(deps);

class PrismaMapperStore implements MapperStore {
  readonly #deps: PrismaClient;
  readonly #current = { versions: { orderBy: { version: 'desc' as const }, take: 1 } };

  constructor(deps: PrismaClient) {
    this.#deps = deps;
  }

  async list(entity?: string): Promise<StoredMapper[]> {
    const where = entity === undefined ? {} : { entity };
    const rows = await this.#deps.mapper.findMany({
      where,
      include: this.#current,
      orderBy: { name: 'asc' },
      take: listedMax,
    });
    return rows.map(toStored);
  }

  async find(idOrName: string): Promise<StoredMapper | undefined> {
    // No text of the database contains NUL.
    if (idOrName.includes('\0')) return undefined;
    const byId =
      isUuid(idOrName) &&
      (await this.#deps.mapper.findUnique({ where: { id: idOrName }, include: this.#current }));
    const row =
      byId || (await this.#deps.mapper.findUnique({ where: { name: idOrName }, include: this.#current }));
    return row ? toStored(row) : undefined;
  }

  async create(document: MapperDocument, ownerId: string): Promise<string | undefined> {
    const { name, entity } = document;
    const first = { version: 1, document, createdById: ownerId };
    try {
      const data = { name, entity, ownerId, versions: { create: first } };
      return (await this.#deps.mapper.create({ data, select: { id: true } })).id;
    } catch (error) {
      if (isCode(error, 'P2002')) return undefined;
      throw error;
    }
  }

  async replace(id: string, document: MapperDocument, userId: string, ifVersion?: number): Promise<Saved> {
    const { name, entity } = document;
    try {
      return await this.#deps.$transaction(async transaction => {
        const data = { name, entity, version: { increment: 1 } };
        const where = { id, version: ifVersion };
        const { version } = await transaction.mapper.update({ where, data, select: { version: true } });
        await transaction.mapperVersion.create({
          data: { mapperId: id, version, document, createdById: userId },
        });
        const old = { mapperId: id, version: { lte: version - versionsMax } };
        await transaction.mapperVersion.deleteMany({ where: old });
        return { kind: 'saved' as const };
      });
    } catch (error) {
      if (isCode(error, 'P2002')) return { kind: 'nameTaken' };
      if (isCode(error, 'P2025')) return { kind: ifVersion === undefined ? 'gone' : 'changed' };
      throw error;
    }
  }

  count(ownerId: string) {
    return this.#deps.mapper.count({ where: { ownerId } });
  }

  async remove(id: string, ifVersion?: number): Promise<boolean> {
    const { count } = await this.#deps.mapper.deleteMany({ where: { id, version: ifVersion } });
    return count > 0;
  }

  versions(id: string) {
    return this.#deps.mapperVersion.findMany({ where: { mapperId: id }, orderBy: { version: 'desc' } });
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly entity: string;
  readonly ownerId: string | null;
  readonly versions: readonly {
    readonly version: number;
    readonly createdAt: Date;
    readonly document: unknown;
  }[];
}

function toStored({ id, name, entity, ownerId, versions: [current] }: Row): StoredMapper {
  const { version, createdAt, document } = current!;
  return {
    id,
    name,
    entity,
    ownerId,
    version: String(version),
    savedAt: createdAt,
    included: false,
    document,
  };
}

/** Codes of Prisma: https://www.prisma.io/docs/orm/reference/error-reference */
const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
