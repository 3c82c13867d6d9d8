// OData's canonical functions -> those of the query engine (OData 4.01 Part 2, 5.1.1.5 to 5.1.1.11). Case does not matter.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { FunctionName } from '../../query/ask/function-name.ts';
import { notServed } from '../url/syntax.ts';

const functions: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ['concat', 'concat'],
  ['contains', 'contains'],
  ['endswith', 'endsWith'],
  ['indexof', 'indexOf'],
  ['length', 'length'],
  ['matchespattern', 'matchesPattern'],
  ['startswith', 'startsWith'],
  ['substring', 'substring'],
  ['tolower', 'lower'],
  ['toupper', 'upper'],
  ['trim', 'trim'],
  ['date', 'date'],
  ['day', 'day'],
  ['fractionalseconds', 'fractionalSeconds'],
  ['hour', 'hour'],
  ['maxdatetime', 'maxDateTime'],
  ['mindatetime', 'minDateTime'],
  ['minute', 'minute'],
  ['month', 'month'],
  ['now', 'now'],
  ['second', 'second'],
  ['time', 'time'],
  ['totaloffsetminutes', 'totalOffsetMinutes'],
  ['totalseconds', 'totalSeconds'],
  ['year', 'year'],
  ['ceiling', 'ceiling'],
  ['floor', 'floor'],
  ['round', 'round'],
  ['hassubset', 'hasEvery'],
  ['hassubsequence', 'hasSubsequence'],
]);

/** OData functions for features that this service does not have. */
const unsupported: ReadonlySet<string> = new Set(['isdefined']);

/**
 * @param name as written
 * @throws NOT_IMPLEMENTED for unsupported and custom functions, INVALID_OPERATION for unknown ones
 */
export function toFunctionName(name: string, at: number): FunctionName {
  const lower = name.toLowerCase();
  const served = functions.get(lower);
  if (served) return served;
  if (name.includes('.') || unsupported.has(lower)) throw notServed(`the function ${name}`, at);
  throw fault('INVALID_OPERATION', `There is no function "${name}".`, {
    hint: didYouMean(lower, [...functions.keys(), 'case', 'cast', 'isof']),
    target: name,
    at,
  });
}
