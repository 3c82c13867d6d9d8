// OData's canonical functions -> the waist's (OData 4.01 Part 2, 5.1.1.5 to 5.1.1.11). Names in any case.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { FunctionName } from '../../query/ask/expression.ts';
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

/** What OData has functions for and this service has nothing to ask them of. */
const notHere: ReadonlySet<string> = new Set(['isdefined']);

/**
 * @param name as written
 * @throws NOT_IMPLEMENTED for functions of OData that are not served and for custom ones, INVALID_OPERATION for unknown ones
 */
export function toFunctionName(name: string, at: number): FunctionName {
  const lower = name.toLowerCase();
  const served = functions.get(lower);
  if (served) return served;
  if (name.includes('.') || notHere.has(lower)) throw notServed(`the function ${name}`, at);
  throw fault('INVALID_OPERATION', `There is no function "${name}".`, {
    hint: didYouMean(lower, [...functions.keys(), 'case', 'cast', 'isof']),
    target: name,
    at,
  });
}
