import type { GraphQLResolveInfo } from 'graphql';
import type { Row } from './schema-parts.ts';

/** Resolves a field of what the engine answers, which has the names that the operation gives. */
export const byResponseKey = (row: Row, _args: unknown, _context: unknown, info: GraphQLResolveInfo): never =>
  row[info.path.key] as never;
