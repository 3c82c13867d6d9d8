import type { Answer, Incoming } from '../../http/message/message.ts';
import { rootPath } from '../url/service-root.ts';
import type { BatchItem } from './batch-part.ts';

/** What a later part may name by the id of this one. */
export interface Entity {
  /** Below the service root. */
  readonly path: string;
  readonly etag?: string;
}

/** Where something was created, the answer says where it lies now. */
export function entityOf({ headers = {} }: Answer, { path }: Incoming, publicUrl: string): Entity {
  const root = `${publicUrl}${rootPath}/`;
  const location = headers.location ?? headers['odata-entityid'];
  const known = location?.startsWith(root) ? location.slice(root.length) : path.slice(rootPath.length + 1);
  return { path: known.replace(/\/$/, ''), etag: headers.etag };
}

/** Whether an item cannot begin before a part is done: it says so, or it names the part in a URL or a header. */
export const leansOn = ({ dependsOn, condition, parts }: BatchItem, id: string): boolean =>
  dependsOn.includes(id) ||
  condition !== undefined ||
  parts.some(({ url, headers }) => url.includes(`$${id}`) || headers.get('if-none-match') === `$${id}`);
