import { fault } from '../../../base/errors.ts';
import type { OrderTerm } from '../../../query/ask/order-term.ts';
import { entriesOf, type Input, positionOf } from './input.ts';

/** @returns the one entry of a sort key @throws INVALID_VALUE unless it has exactly one */
export function onlyEntry(key: Input, entries = entriesOf(key)): readonly [name: string, input: Input] {
  const [entry, ...others] = entries;
  if (entry && others.length === 0) return entry;
  throw fault('INVALID_VALUE', 'A sort key must have exactly one field.', {
    hint: 'Write several sort keys as a list: [{ price: desc }, { name: asc }].',
    at: positionOf(key),
  });
}

/** @returns what `desc_nulls_last` means */
export const directionOf = ({ value }: Input): Pick<OrderTerm, 'direction' | 'nulls'> =>
  directions[value as string]!;

const directions: Readonly<Record<string, Pick<OrderTerm, 'direction' | 'nulls'>>> = {
  asc: { direction: 'asc' },
  desc: { direction: 'desc' },
  asc_nulls_first: { direction: 'asc', nulls: 'first' },
  asc_nulls_last: { direction: 'asc', nulls: 'last' },
  desc_nulls_first: { direction: 'desc', nulls: 'first' },
  desc_nulls_last: { direction: 'desc', nulls: 'last' },
};
