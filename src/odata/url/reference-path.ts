import { syntaxError } from './syntax.ts';
import type { UrlPart } from './url.ts';

/** @returns a path without a trailing `/$ref` (OData 4.01 Part 2, 4.7) @throws SYNTAX_ERROR when it is not at the end */
export function withoutReference(segments: readonly UrlPart[]): {
  segments: readonly UrlPart[];
  isReference: boolean;
} {
  const place = segments.findIndex(({ text }) => text === '$ref');
  if (place < 0) return { segments, isReference: false };
  if (place === segments.length - 1 && place > 0)
    return { segments: segments.slice(0, -1), isReference: true };
  throw syntaxError('/$ref must be at the end of a path.', segments[place]!.at);
}
