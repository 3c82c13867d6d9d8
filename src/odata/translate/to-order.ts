import type { OrderTerm } from '../../query/ask/order-term.ts';
import type { OrderItem } from '../parse/orderby.ts';
import { toExpr } from './to-expr.ts';
import type { Translation } from './translation.ts';

/** $orderby -> sort keys. Where missing values go is the waist's default, which is OData's: they are the lowest. */
export const toOrder = (translation: Translation, items: readonly OrderItem[]): OrderTerm[] =>
  items.map(({ by, direction, at }) => ({ by: toExpr(translation, by), direction, at }));
