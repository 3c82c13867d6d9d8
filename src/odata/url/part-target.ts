// The URL of a part. Clients write it whole, from the root of the host, or from that of the service, and the last with a
// slash before it or without. Wherever it seems to lead, it is only ever looked up in this service.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { rootPath } from './service-root.ts';

/** As of a request that came alone. */
export type Target = Pick<Incoming, 'path' | 'query'>;

export interface TargetContext {
  readonly publicUrl: string;
  /** The host that the batch was sent to, which may be known to the client by another name. */
  readonly host: string | undefined;
  /** @returns the path below the root of what a part was about */
  readonly referenced: (contentId: string) => string | undefined;
}

/** @throws INVALID_VALUE for another host's URLs and for references to nothing */
export function toTarget(url: string, context: TargetContext): Target {
  const below = resolveReference(belowRoot(url, context), context);
  const mark = below.indexOf('?');
  const path = mark < 0 ? below : below.slice(0, mark);
  return { path: rootPath + path, query: mark < 0 ? '' : below.slice(mark + 1) };
}

/** @returns the path below the root, with the slash before it, and the query */
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
  throw fault('INVALID_VALUE', `The URL "${url.slice(0, 200)}" is not one of this service.`, {
    hint: `A batch reaches only what lies below ${publicUrl}${rootPath}.`,
    target: 'url',
  });
}

function withoutRoot(path: string, roots: readonly string[]): string | undefined {
  const root = roots.find(known => path.startsWith(known) && /^(?:[/?]|$)/.test(path.slice(known.length)));
  return root && path.slice(root.length);
}

/** What begins with a dollar sign and is no reference. */
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
  const [whole, id] = /^\/\$([^/?(]+)/.exec(below) ?? [];
  if (whole === undefined || id === undefined || reserved.has(id)) return below;
  const path = referenced(id);
  if (path !== undefined) return `/${path}${below.slice(whole.length)}`;
  throw fault(
    'INVALID_VALUE',
    `No request before this one has the id "${id.slice(0, 80)}", or it did not succeed.`,
    {
      target: 'url',
    },
  );
}

export const isBatchPath = (path: string): boolean =>
  /^\/(?:\$|%24)batch\/?$/i.test(path.slice(rootPath.length));
