// Which lists can be tracked: those where a row's own fields decide whether it is in the list. A change to anything else is
// logged for another entity, and the client would miss it.

import type { ColumnField, Entity, Scalar } from '../../catalog/catalog.ts';
import type { EntityQuery, Selection } from '../../query/ask/entity-query.ts';
import type { Expr, Path } from '../../query/ask/expression.ts';

/** Types whose key values can be restored from the text in the log. */
// biome-ignore format: a table
const keyTypes: ReadonlySet<Scalar> = new Set<Scalar>([
  'String', 'Int', 'BigInt', 'Boolean', 'Uuid', 'Enum', 'Date', 'DateTime',
]);

/** @returns whether the change log of the entity covers every change to the list */
export function isTrackable(entity: Entity, { where, select, skip, limit }: EntityQuery): boolean {
  const key = entity.key.map(name => entity.fields.get(name) as ColumnField);
  return (
    key.length > 0 &&
    key.every(({ type }) => keyTypes.has(type.scalar) && !type.list) &&
    skip === undefined &&
    limit === undefined &&
    select.every(isOwn) &&
    (where === undefined || isAbout(entity, where))
  );
}

const isOwn = ({ kind }: Selection): boolean => kind === 'field' || kind === 'constant' || kind === 'version';

/** Expressions that are not known to depend only on the row are rejected. */
function isAbout(entity: Entity, expr: Expr): boolean {
  const all = (items: readonly Expr[]) => items.every(item => isAbout(entity, item));
  switch (expr.kind) {
    case 'literal':
      return true;
    case 'path':
      return isOwnPath(entity, expr);
    case 'compare':
      return all([expr.left, expr.right]);
    case 'in':
    case 'not':
    case 'isNull':
    case 'cast':
      return isAbout(entity, expr.item);
    case 'and':
    case 'or':
      return all(expr.items);
    case 'call':
      return expr.name !== 'now' && all(expr.args);
    case 'case':
      return all(expr.branches.flatMap(({ when, value }) => [when, value]));
    case 'any':
    case 'all':
      return isOwnPath(entity, expr.over) && (expr.where === undefined || isAbout(entity, expr.where));
    case 'search':
      return expr.variable === undefined;
    default:
      return false;
  }
}

/** Variables are elements of the row's own lists: `isAbout` accepts no others. */
const isOwnPath = ({ fields }: Entity, { segments, variable }: Path): boolean =>
  variable !== undefined
    ? segments.length === 0
    : segments.length === 1 && fields.get(segments[0]!)?.kind !== 'relation';
