// The system query options of a request, each with its own parser (OData 4.01 Part 2, 5.1).

import { fault } from '../../base/errors.ts';
import { notServed } from '../url/syntax.ts';
import type { ODataUrl, SystemOption, UrlPart } from '../url/url.ts';
import { parseApply, type Transformation } from './apply.ts';
import { parseCompute } from './compute.ts';
import { parseExpand, parseSelect } from './expand.ts';
import { parseWholeExpression } from './expression.ts';
import type { ODataExpression } from './odata-expression.ts';
import { parseOrderby } from './orderby.ts';
import { parseSearch } from './search.ts';
import type { NestedOptions } from './selection-items.ts';

export type QueryOptions = Omit<NestedOptions, 'levels'> & {
  readonly apply?: readonly Transformation[];
  /** Where a page starts, from a next link. */
  readonly skiptoken?: UrlPart;
  /** A position in the change log, from a delta link. */
  readonly deltatoken?: UrlPart;
  readonly alias: (name: string) => ODataExpression | undefined;
};

const unserved: readonly SystemOption[] = ['$id', '$levels'];

/** @throws SYNTAX_ERROR, INVALID_VALUE, UNKNOWN_OPTION, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export function parseOptions({ options, aliases }: ODataUrl): QueryOptions {
  for (const name of unserved)
    if (isRequested(options.get(name))) throw notServed(name, options.get(name)!.at);
  // The position of a write in an ordered collection. No collection is ordered, so it is only validated.
  if (options.has('$index')) parseIndex(options.get('$index')!);
  const parse = <T>(name: SystemOption, parser: (part: UrlPart) => T): T | undefined => {
    const part = options.get(name);
    return part && parser(part);
  };
  return {
    apply: parse('$apply', parseApply),
    compute: parse('$compute', parseCompute),
    select: parse('$select', parseSelect),
    filter: parse('$filter', parseWholeExpression),
    search: parse('$search', parseSearch),
    orderby: parse('$orderby', parseOrderby),
    expand: parse('$expand', parseExpand),
    top: parse('$top', part => parseNumber('$top', part)),
    skip: parse('$skip', part => parseNumber('$skip', part)),
    count: parse('$count', parseBoolean),
    skiptoken: options.get('$skiptoken'),
    deltatoken: options.get('$deltatoken'),
    alias: aliasParser(aliases),
  };
}

/** "*" leaves the choice to the service (OData 4.01 Part 1, 11.2.12). */
const isRequested = (part: UrlPart | undefined): boolean => part !== undefined && part.text !== '*';

function parseNumber(name: SystemOption, { text, at }: UrlPart): number {
  // No list has more rows than a number can represent exactly.
  if (/^\d+$/.test(text.trim())) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  throw fault('INVALID_VALUE', `${name} must be a whole number, zero or more.`, { at, target: name });
}

function parseIndex({ text, at }: UrlPart): void {
  if (/^-?\d+$/.test(text.trim())) return;
  throw fault('INVALID_VALUE', '$index must be a whole number.', { at, target: '$index' });
}

function parseBoolean({ text, at }: UrlPart): boolean {
  const lower = text.trim().toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw fault('INVALID_VALUE', '$count must be true or false.', { at, target: '$count' });
}

/** Aliases are parsed once, when first used. */
function aliasParser(aliases: ODataUrl['aliases']): QueryOptions['alias'] {
  const parsed = new Map<string, ODataExpression>();
  return name => {
    const part = aliases.get(name);
    if (part && !parsed.has(name)) parsed.set(name, parseWholeExpression(part));
    return parsed.get(name);
  };
}
