// Where the rest of a list inside $expand is (OData JSON Format 4.01, 4.5.5): the related entities of the one that it belongs
// to, with the options that the list has, from where it was cut.

import type { RelationField } from '../../catalog/catalog.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { Continuation } from '../../query/ask/entity-query.ts';
import { entityUrl } from '../model/entity-url.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import { rootPath } from '../url/service-root.ts';
import { splitQuery } from '../url/url.ts';

/** What a request says that holds for the lists inside it as well. */
export interface LinkParts {
  /** Of the service, without a slash at its end. */
  readonly root: string;
  /** Options, raw: the form of the answer, and what aliases stand for. */
  readonly options: readonly string[];
}

const kept = /^(?:(?:\$|%24)?(?:format|schemaversion)|(?:@|%40)\w+)=/i;

export const linkParts = (publicUrl: string, { query }: Pick<Incoming, 'query'>): LinkParts => ({
  root: `${publicUrl}${rootPath}`,
  options: splitQuery(query, 0)
    .map(({ raw }) => raw)
    .filter(raw => kept.test(raw)),
});

export interface ExpandedList {
  /** What the list belongs to. */
  readonly parent: VisibleEntity;
  readonly relation: RelationField;
  readonly item: ExpandItem;
  /** Of the list's entities, one level deeper where the item asks for several. */
  readonly options: NestedOptions;
  readonly prefix: string;
}

/** @returns undefined for lists that depend on more than the entity that they belong to */
export function continuationOf(
  { root, options: carried }: LinkParts,
  { parent: { entity, values }, relation, item, options, prefix }: ExpandedList,
): Continuation | undefined {
  // The address tells the key.
  if (!entity.key.every(name => values.has(name))) return undefined;
  const texts = textsOf(options);
  if (!texts || Object.values(texts).some(text => /\$it\b/.test(text))) return undefined;
  // What matches best is told otherwise inside a list than of a whole set.
  if (options.search && !options.orderby) return undefined;
  const path = item.suffix ? `${relation.name}/${item.suffix}` : relation.name;
  const own = Object.entries(texts).filter(([name, text]) => !setAnew.has(name) && text !== '');
  const named = new Set(own.map(([name]) => name));
  const query = [
    ...own.map(([name, text]) => `${name.startsWith('@') ? '' : '$'}${name}=${encoded(text)}`),
    ...carried.filter(raw => !named.has(decodeURIComponent(raw.split('=', 1)[0]!))),
  ];
  return {
    as: `${relation.name}${prefix}nextLink`,
    valueOf: (key, cursor) =>
      `${root}/${entityUrl(entity, key)}/${path}?${[...query, `$skiptoken=${cursor}`].join('&')}`,
  };
}

/** What the cursor says itself. */
const setAnew: ReadonlySet<string> = new Set(['top', 'skip']);

/** @returns the options as they are written; undefined where they were not read from an address */
function textsOf({ texts, aliases: _, ...options }: NestedOptions): NestedOptions['texts'] {
  const isWritten = Object.entries(options).every(
    ([name, value]) => value === undefined || texts?.[name] !== undefined,
  );
  return isWritten ? (texts ?? {}) : undefined;
}

/** @returns an item of $expand as it would be written */
export function itemText({ path, suffix }: ExpandItem, texts: Readonly<Record<string, string>>): string {
  const written = Object.entries(texts).map(
    ([name, text]) => `${name.startsWith('@') ? '' : '$'}${name}=${text}`,
  );
  const name = [...path, ...(suffix ? [suffix] : [])].join('/');
  return written.length > 0 ? `${name}(${written.join(';')})` : name;
}

/** Readable, as addresses are: these mean nothing where they stand. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(?:24|28|29|2C|2F|3A|3B|3D|40|2A)/g, decodeURIComponent);
