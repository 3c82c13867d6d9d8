// The transforms of a column -> one function from a cell to a value.

import { boolean } from './boolean.ts';
import { date, dateTime } from './date.ts';
import { element, isList, join, split } from './list.ts';
import { currency, number, percent } from './number.ts';
import { extract } from './pattern.ts';
import { collapse, lookup, lower, nullIf, replace, slug, title, trim, upper } from './text.ts';
import type { Transform } from './transform-schema.ts';
import { type Step, type TextStep, ValueFault } from './value.ts';

/** @param transforms that were checked @returns one step that applies them in order */
export function compileTransforms(transforms: readonly Transform[]): Step {
  const steps = transforms.map(toStep);
  if (steps.length === 0) return value => value;
  if (steps.length === 1) return steps[0]!;
  return value => {
    let current = value;
    for (let i = 0; i < steps.length; i++) {
      const next = steps[i]!(current);
      if (next instanceof ValueFault) return next;
      current = next;
    }
    return current;
  };
}

function toStep(transform: Transform): Step {
  switch (transform.op) {
    case 'default':
      return value => (value === null || value === '' ? transform.value : value);
    case 'split':
    case 'path':
      return split(transform);
    case 'element':
      return element(transform);
    case 'join':
      return join(transform);
    default:
      return perElement(textStep(transform));
  }
}

type TextTransform = Exclude<Transform, { op: 'default' | 'split' | 'path' | 'element' | 'join' }>;

function textStep(transform: TextTransform): TextStep {
  switch (transform.op) {
    case 'trim':
      return trim;
    case 'collapse':
      return collapse;
    case 'lower':
      return lower;
    case 'upper':
      return upper;
    case 'title':
      return title;
    case 'slug':
      return slug;
    case 'replace':
      return replace(transform);
    case 'extract':
      return extract(transform);
    case 'nullIf':
      return nullIf(transform);
    case 'lookup':
      return lookup(transform);
    case 'number':
      return number(transform);
    case 'currency':
      return currency(transform);
    case 'percent':
      return percent(transform);
    case 'date':
      return date(transform);
    case 'dateTime':
      return dateTime(transform);
    case 'boolean':
      return boolean(transform);
  }
}

/** Nothing is empty text for a step that reads numbers, dates and the like: it stays null. */
function perElement(step: TextStep): Step {
  return value => {
    if (value === null) return null;
    if (!isList(value)) return step(value);
    const results: string[] = [];
    for (const [place, text] of value.entries()) {
      const result = step(text);
      if (result instanceof ValueFault)
        return new ValueFault(result.code, `Element ${place + 1}: ${result.message}`);
      if (result !== null) results.push(result);
    }
    return results;
  };
}
