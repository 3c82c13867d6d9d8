// Collects the keys and aggregates that the selection, `having` and `orderBy` refer to, each once.

import type { GroupKey, NamedAggregate } from '../../../query/ask/aggregate-query.ts';
import { type AggregateFunction, call, type Expr, not, path } from '../../../query/ask/expression.ts';
import type { DatePart } from '../../model/aggregates.ts';

export class AggregateParts {
  readonly #aggregates = new Map<string, NamedAggregate>();
  readonly #keys = new Map<string, GroupKey>();

  get aggregates(): readonly NamedAggregate[] {
    return [...this.#aggregates.values()];
  }

  get keys(): readonly GroupKey[] {
    return [...this.#keys.values()];
  }

  /** @param field absent: of rows @returns its name */
  aggregate(name: AggregateFunction, field?: string, at?: number): string {
    const of = field === undefined ? undefined : path([field], undefined, at);
    return add(this.#aggregates, {
      name: field === undefined ? name : `${name} ${field}`,
      function: name,
      of,
      at,
    });
  }

  /** @param segments to-one relations and a field @returns its name */
  key(segments: readonly string[], part: DatePart = 'value', at?: number): string {
    const value = path(segments, undefined, at);
    const by = part === 'value' ? value : call(part, [value], at);
    return this.#key(keyName(segments, part), by, at);
  }

  /** A key that is true if a to-one relation or field is not null. @returns its name */
  presence(segments: readonly string[], at?: number): string {
    const absent: Expr = { kind: 'isNull', item: path(segments, undefined, at), at };
    return this.#key(`has ${keyName(segments)}`, not(absent), at);
  }

  /** @returns the name of a group key, or undefined */
  knownKey(segments: readonly string[], part?: DatePart): string | undefined {
    const name = keyName(segments, part);
    return this.#keys.has(name) ? name : undefined;
  }

  #key = (name: string, by: Expr, at?: number): string => add(this.#keys, { name, by, at });
}

const keyName = (segments: readonly string[], part: DatePart = 'value'): string =>
  `key ${segments.join('/')} ${part}`;

function add<Part extends { readonly name: string }>(parts: Map<string, Part>, part: Part): string {
  if (!parts.has(part.name)) parts.set(part.name, part);
  return part.name;
}
