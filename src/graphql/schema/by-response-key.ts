import type { GraphQLResolveInfo } from 'graphql';
import type { Row } from './schema-parts.ts';

/** Resolves a field from the engine's answer, which uses the response keys of the operation. */
export const byResponseKey = (row: Row, _args: unknown, _context: unknown, info: GraphQLResolveInfo): never =>
  row[info.path.key] as never;
