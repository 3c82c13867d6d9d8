// Next links of lists inside $expand (OData JSON Format 4.01, 4.5.5): the URL of the parent's related entities, with the
// options of the list, starting where the list was cut off.

import type { RelationField } from '../../catalog/catalog.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { Continuation } from '../../query/ask/entity-query.ts';
import { entityUrl } from '../model/entity-url.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import { rootPath } from '../url/service-root.ts';
import { splitQuery } from '../url/url.ts';

/** The parts of a request that also apply to the lists inside it. */
export interface LinkParts {
  /** The service root, without a trailing slash. */
  readonly root: string;
  /** Raw options: the response format, and the values of aliases. */
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
  /** The entity that the list belongs to. */
  readonly parent: VisibleEntity;
  readonly relation: RelationField;
  readonly item: ExpandItem;
  /** The options of the list's entities, one level deeper when the item has $levels. */
  readonly options: NestedOptions;
  readonly prefix: string;
}

/** @returns undefined for lists that depend on more than the parent entity */
export function continuationOf(
  { root, options: carried }: LinkParts,
  { parent: { entity, values }, relation, item, options, prefix }: ExpandedList,
): Continuation | undefined {
  // The URL would disclose the key.
  if (!entity.key.every(name => values.has(name))) return undefined;
  const texts = textsOf(options);
  if (!texts || Object.values(texts).some(text => /\$it\b/.test(text))) return undefined;
  // Relevance is computed differently inside a list than for a whole set.
  if (options.search && !options.orderby) return undefined;
  const path = item.suffix ? `${relation.name}/${item.suffix}` : relation.name;
  const own = Object.entries(texts).filter(([name, text]) => !replacedByCursor.has(name) && text !== '');
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

/** The cursor contains these. */
const replacedByCursor: ReadonlySet<string> = new Set(['top', 'skip']);

/** @returns the options as written; undefined when they were not parsed from a URL */
function textsOf({ texts, aliases: _, ...options }: NestedOptions): NestedOptions['texts'] {
  const isWritten = Object.entries(options).every(
    ([name, value]) => value === undefined || texts?.[name] !== undefined,
  );
  return isWritten ? (texts ?? {}) : undefined;
}

/** @returns the URL text of an $expand item */
export function itemText({ path, suffix }: ExpandItem, texts: Readonly<Record<string, string>>): string {
  const written = Object.entries(texts).map(
    ([name, text]) => `${name.startsWith('@') ? '' : '$'}${name}=${text}`,
  );
  const name = [...path, ...(suffix ? [suffix] : [])].join('/');
  return written.length > 0 ? `${name}(${written.join(';')})` : name;
}

/** Leaves characters readable that have no special meaning in a query value. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(?:24|28|29|2C|2F|3A|3B|3D|40|2A)/g, decodeURIComponent);
