import type { OrderTerm } from '../../query/ask/order-term.ts';
import type { OrderItem } from '../parse/orderby.ts';
import { toExpr } from './to-expr.ts';
import type { Translation } from './translation.ts';

/** $orderby -> sort keys. Nulls sort lowest, which is the default of OData and of the query engine. */
export const toOrder = (translation: Translation, items: readonly OrderItem[]): OrderTerm[] =>
  items.map(({ by, direction, at }) => ({ by: toExpr(translation, by), direction, at }));
