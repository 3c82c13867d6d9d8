import type { ComparisonOperator } from '../../../query/ask/expression.ts';

/** Prisma's words for comparisons. */
export const comparisonOperators: Readonly<Record<string, ComparisonOperator>> = {
  equals: 'eq',
  not: 'ne',
  lt: 'lt',
  lte: 'le',
  gt: 'gt',
  gte: 'ge',
};
