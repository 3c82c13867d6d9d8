import type { Answer, Incoming } from '../../http/message/message.ts';
import { rootPath } from '../url/service-root.ts';
import type { BatchItem } from './batch-part.ts';

/** The entity that later parts refer to by the id of this one. */
export interface Entity {
  /** Relative to the service root. */
  readonly path: string;
  readonly etag?: string;
}

/** For a created entity, the path comes from the headers of the answer. */
export function entityOf({ headers = {} }: Answer, { path }: Incoming, publicUrl: string): Entity {
  const root = `${publicUrl}${rootPath}/`;
  const location = headers.location ?? headers['odata-entityid'];
  const known = location?.startsWith(root) ? location.slice(root.length) : path.slice(rootPath.length + 1);
  return { path: known.replace(/\/$/, ''), etag: headers.etag };
}

/** Whether an item has to wait for a part: it declares the dependency, or refers to the part in a URL or a header. */
export const dependsOnPart = ({ dependsOn, condition, parts }: BatchItem, id: string): boolean =>
  dependsOn.includes(id) ||
  condition !== undefined ||
  parts.some(({ url, headers }) => url.includes(`$${id}`) || headers.get('if-none-match') === `$${id}`);
