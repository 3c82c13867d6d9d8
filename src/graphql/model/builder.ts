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

/** The client comes from the request context, so that a schema can be built and printed without a database. */
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
/** Types of the builder, for functions that take one of its helpers. */
export type BuilderTypes = Builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/**
 * A handwritten part of the schema: the platform's types, queries and mutations. Its resolvers get the principal, the
 * request and the services from the context; the services decide what belongs to the caller.
 */
export interface PlatformPart {
  /** The scope needed to see and use its root fields; undefined: any credential. */
  readonly scope?: string;
  /** Names of its root fields. They are unique across all parts. */
  readonly queries?: readonly string[];
  readonly mutations?: readonly string[];
  readonly add: (builder: Builder) => void;
}

/** @returns the scopes that the platform's root fields need, by field name */
export const scopesOf = (platform: readonly PlatformPart[]): ReadonlyMap<string, string> =>
  new Map(
    platform.flatMap(({ queries = [], mutations = [], scope }) =>
      scope ? [...queries, ...mutations].map(root => [root, scope] as const) : [],
    ),
  );
