// The one Pothos builder: the scalars, and the Prisma plugin for the platform's own tables.

import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../../platform/generated/pothos-types.ts';
import { getDatamodel } from '../../platform/generated/pothos-types.ts';
import { Json } from '../scalars/json.ts';
import { Float, Int } from '../scalars/plain-numbers.ts';
import { BigIntScalar, Bytes, DateScalar, DateTime, Decimal, Time, Uuid } from '../scalars/scalars.ts';
import type { GraphqlContext } from './context.ts';

interface Text<Output = string> {
  Input: string;
  Output: Output;
}

interface SchemaTypes {
  Context: GraphqlContext;
  PrismaTypes: PrismaTypes;
  Scalars: {
    Decimal: Text;
    BigInt: Text<string | bigint>;
    DateTime: Text<string | Date>;
    Date: Text;
    Time: Text;
    Uuid: Text;
    Bytes: Text<string | Uint8Array>;
    Json: { Input: unknown; Output: unknown };
  };
}

/** The client comes with the context of a request, so that a schema can be built, and printed, without a database. */
export function createBuilder() {
  const builder = new SchemaBuilder<SchemaTypes>({
    plugins: [PrismaPlugin],
    prisma: { client: context => context.prisma, dmmf: getDatamodel(), exposeDescriptions: true },
  });
  const scalars = {
    Decimal,
    BigInt: BigIntScalar,
    DateTime,
    Date: DateScalar,
    Time,
    Uuid,
    Bytes,
    Json,
    Int,
    Float,
  };
  for (const [name, scalar] of Object.entries(scalars)) builder.addScalarType(name as 'Json', scalar);
  return builder;
}

export type Builder = ReturnType<typeof createBuilder>;
/** The builder's own types, for functions that are handed one of its helpers. */
export type BuilderTypes = Builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/**
 * A part of the schema that is written by hand: the platform's own types, queries and mutations. Its resolvers find who
 * asks, the request and the services in the context; what is anybody's own is for the services to tell.
 */
export interface PlatformPart {
  /** The scope that whoever uses its root fields, or sees them, must have; undefined: whoever has a credential. */
  readonly scope?: string;
  /** Names of its root fields, of queries and mutations. No two parts share one. */
  readonly queries?: readonly string[];
  readonly mutations?: readonly string[];
  readonly add: (builder: Builder) => void;
}

/** @returns the scopes that root fields of the platform take, by name */
export const scopesOf = (platform: readonly PlatformPart[]): ReadonlyMap<string, string> =>
  new Map(
    platform.flatMap(({ queries = [], mutations = [], scope }) =>
      scope ? [...queries, ...mutations].map(root => [root, scope] as const) : [],
    ),
  );
