// The URL of a part. Clients write it as an absolute URL, relative to the host, or relative to the service root with or
// without a leading slash. It is only ever resolved within this service.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { rootPath } from './service-root.ts';

/** The path and query, as in a request sent on its own. */
export type Target = Pick<Incoming, 'path' | 'query'>;

export interface TargetContext {
  readonly publicUrl: string;
  /** The host that the batch was sent to, which may differ from that of the public URL. */
  readonly host: string | undefined;
  /** @returns the path, below the root, of the entity of an earlier part */
  readonly referenced: (contentId: string) => string | undefined;
}

/** @throws INVALID_VALUE for URLs of other hosts and unknown references */
export function toTarget(url: string, context: TargetContext): Target {
  const below = resolveReference(belowRoot(url, context), context);
  const mark = below.indexOf('?');
  const path = mark < 0 ? below : below.slice(0, mark);
  return { path: rootPath + path, query: mark < 0 ? '' : below.slice(mark + 1) };
}

/** @returns the path below the root, with a leading slash, and the query */
function belowRoot(url: string, { publicUrl, host }: TargetContext): string {
  const [, origin, path = ''] = /^((?:[a-z][a-z\d+.-]*:)?\/\/[^/?#]*)(.*)$/is.exec(url) ?? [];
  const roots = [new URL(publicUrl).pathname.replace(/\/$/, '') + rootPath, rootPath];
  if (origin === undefined) return withoutRoot(url, roots) ?? (/^[/?]/.test(url) ? url : `/${url}`);
  const target = URL.parse(origin);
  const isOurs =
    target !== null &&
    /^https?:$/.test(target.protocol) &&
    target.username + target.password === '' &&
    (target.host === new URL(publicUrl).host || target.host === host?.toLowerCase());
  const below = isOurs ? withoutRoot(path, roots) : undefined;
  if (below !== undefined) return below;
  throw fault('INVALID_VALUE', `The URL "${url.slice(0, 200)}" does not belong to this service.`, {
    hint: `A batch can only use URLs below ${publicUrl}${rootPath}.`,
    target: 'url',
  });
}

function withoutRoot(path: string, roots: readonly string[]): string | undefined {
  const root = roots.find(known => path.startsWith(known) && /^(?:[/?]|$)/.test(path.slice(known.length)));
  return root && path.slice(root.length);
}

/** Segments with a dollar sign that are not references. */
const reserved: ReadonlySet<string> = new Set([
  'metadata',
  'batch',
  'crossjoin',
  'all',
  'entity',
  'root',
  'id',
]);

function resolveReference(below: string, { referenced }: TargetContext): string {
  const [reference, id] = /^\/\$([^/?(]+)/.exec(below) ?? [];
  if (reference === undefined || id === undefined || reserved.has(id)) return below;
  const path = referenced(id);
  if (path !== undefined) return `/${path}${below.slice(reference.length)}`;
  throw fault('INVALID_VALUE', `No earlier request has the id "${id.slice(0, 80)}", or it did not succeed.`, {
    target: 'url',
  });
}

export const isBatchPath = (path: string): boolean =>
  /^\/(?:\$|%24)batch\/?$/i.test(path.slice(rootPath.length));
