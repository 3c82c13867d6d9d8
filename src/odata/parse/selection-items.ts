import type { SearchExpr } from '../../query/ask/search-expression.ts';
import type { ComputeItem } from './compute.ts';
import type { ODataExpression } from './odata-expression.ts';
import type { OrderItem } from './orderby.ts';

export interface SelectItem {
  /** `['name']`, `['category', 'name']`, `['*']`, `['Portolan', '*']` */
  readonly path: readonly string[];
  readonly options?: NestedOptions;
  /** The feature it uses that is not supported. */
  readonly foreign?: string;
  readonly at: number;
}

export interface ExpandItem {
  /** `['category']`, `['*']` */
  readonly path: readonly string[];
  /** `/$count`: only the number of related entities. `/$ref`: only references to them. */
  readonly suffix?: '$count' | '$ref';
  readonly options: NestedOptions;
  /** The feature it uses that is not supported. */
  readonly foreign?: string;
  readonly at: number;
}

export interface NestedOptions {
  /** Parameter aliases defined in these options, with their `@`. */
  readonly aliases?: ReadonlyMap<string, ODataExpression>;
  readonly compute?: readonly ComputeItem[];
  readonly select?: readonly SelectItem[];
  readonly filter?: ODataExpression;
  readonly search?: SearchExpr;
  readonly orderby?: readonly OrderItem[];
  readonly expand?: readonly ExpandItem[];
  readonly top?: number;
  readonly skip?: number;
  readonly count?: boolean;
  readonly levels?: number | 'max';
  /** The options as written, by their names without the dollar sign; aliases with their `@`. */
  readonly texts?: Readonly<Record<string, string>>;
}
