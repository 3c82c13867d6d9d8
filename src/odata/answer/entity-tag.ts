// Entity tags (RFC 9110, 8.8.3; OData 4.01 Part 1, 8.2.4 and 8.2.5). They are weak, since one state of an entity has many
// representations, and compared weakly, as OData requires.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';

export type TagHeader = 'if-match' | 'if-none-match';

/** @returns the opaque parts of the tags in a header, `*` for any tag, undefined without the header @throws INVALID_VALUE */
export function readTags(
  request: Pick<Incoming, 'header'>,
  name: TagHeader,
): readonly string[] | '*' | undefined {
  const text = request.header(name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (text === '*') return '*';
  const tags = [...text.matchAll(tag)];
  if (tags.length > 0 && list.test(text)) return tags.map(([, opaque]) => opaque!);
  throw fault('INVALID_VALUE', `The ${name} header must be a list of entity tags or "*".`, {
    hint: 'Send the value of the ETag header or of @odata.etag, including its quotes: W/"123".',
    target: name,
  });
}

const tag = /(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
const list = /^(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*$/;

/** @param json an entity tag as JSON text @returns the tag as written in a header */
export const tagOf = (json: string): string => JSON.parse(json) as string;

/** @returns the opaque part, which is what gets compared */
export const opaqueOf = (etag: string): string => etag.slice(etag.indexOf('"') + 1, -1);
