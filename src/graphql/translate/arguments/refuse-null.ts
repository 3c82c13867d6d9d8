import { fault } from '../../../base/errors.ts';
import { type Input, positionOf } from './input.ts';

/** Null is only allowed in `equals` and `not`. @throws INVALID_VALUE */
export function refuseNull(name: string, input: Input, hint = missingHint): void {
  if (input.value !== null) return;
  throw fault('INVALID_VALUE', `"${name}" cannot be null.`, { hint, at: positionOf(input), target: name });
}

const missingHint = 'Omit it, or use "equals: null" or "isNull: true" to find nulls.';
