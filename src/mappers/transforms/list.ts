import type { TransformOf } from './transform-schema.ts';
import { type Step, type Value, ValueFault } from './value.ts';

const elementsMax = 10_000;

/** `split` and `path`. Text that holds nothing but separators is null. */
export const split = ({ separator }: Pick<TransformOf<'split'>, 'separator'>): Step => {
  const tooMany = new ValueFault('OUT_OF_RANGE', `The list has more than ${elementsMax} elements.`);
  return value => {
    if (typeof value !== 'string') return value;
    const parts = value.split(separator, elementsMax + 1);
    if (parts.length > elementsMax) return tooMany;
    const kept = parts.map(part => part.trim()).filter(part => part !== '');
    return kept.length > 0 ? kept : null;
  };
};

export const element =
  ({ index }: TransformOf<'element'>): Step =>
  value =>
    isList(value) ? (value.at(index) ?? null) : value;

export const join =
  ({ separator }: TransformOf<'join'>): Step =>
  value =>
    isList(value) ? value.join(separator) : value;

export const isList = (value: Value): value is readonly string[] =>
  typeof value === 'object' && value !== null;
