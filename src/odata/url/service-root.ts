// The service root, and the meaning of an offset in a request's URL.

import type { Incoming } from '../../http/message/message.ts';
import { type ODataUrl, parseUrl } from './url.ts';

export const rootPath = '/odata';

/** @returns the raw path below the root: `/products(1)`; empty for the root itself */
export const belowRoot = ({ path }: Pick<Incoming, 'path'>): string => path.slice(rootPath.length);

/** A position in the text that the caller wrote. */
export interface Place {
  /** `$filter`, `@p`; absent in the path. */
  readonly option?: string;
  /** Counts characters from 1, in the decoded value of the option, or in the path below the root. */
  readonly position: number;
}

/** @param at an offset in the source text, see `url.ts` @returns undefined when it is in no option's value */
export function placeOf(request: Pick<Incoming, 'path' | 'query'>, at: number): Place | undefined {
  const path = belowRoot(request);
  if (at <= path.length) return { position: at + 1 };
  const url = parsed(path, request.query);
  for (const [option, part] of [...(url?.options ?? []), ...(url?.aliases ?? [])]) {
    if (at >= part.at && at <= part.at + part.rawLength) return { option, position: at - part.at + 1 };
  }
  return undefined;
}

/** The error to locate may be that the URL cannot be split at all. */
function parsed(path: string, query: string): ODataUrl | undefined {
  try {
    return parseUrl(path, query);
  } catch {
    return undefined;
  }
}
