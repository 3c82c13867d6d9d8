// Context URLs describe an answer in terms of $metadata (OData 4.0 Part 1, 10). This file builds what follows `$metadata#`.

import type { DataResource } from '../model/resource.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import type { UrlPart } from '../url/url.ts';

/** @returns `products(id,name)`, `products/$entity` */
export function entityContext({ steps, many }: DataResource, options: NestedOptions): string {
  const { set } = steps.at(-1)!.entity.entity;
  return `${set}${selectList(options)}${many ? '' : '/$entity'}`;
}

/** @param columns the columns of $apply, as in Applied @returns `products(category(name),total)` */
export function appliedContext({ steps }: DataResource, columns: string | undefined): string {
  const { set } = steps.at(-1)!.entity.entity;
  return columns === undefined ? set : `${set}(${columns})`;
}

/** @returns the context of a single field: `products(1)/name` */
export const propertyContext = (segments: readonly UrlPart[]): string =>
  segments
    .filter(({ text }) => text !== '$value')
    .map(({ text }) => encodeSegment(text))
    .join('/');

/** Encodes everything that could end a segment or the fragment; the characters of keys stay readable. */
const encodeSegment = (text: string): string =>
  encodeURIComponent(text).replace(/%(?:2C|3A|3D|40)/g, encoded => decodeURIComponent(encoded));

/**
 * Lists what $select names, and the expanded relations that have a $select of their own. The empty parentheses
 * that 4.01 puts after the other relations make Excel reject the feed.
 */
function selectList({ select = [], expand = [] }: NestedOptions): string {
  const selected = select.map(item => item.path.join('/'));
  const expanded = expand.map(expandedName).filter(name => name !== '');
  const all = [...new Set([...selected, ...expanded])];
  return all.length === 0 ? '' : `(${all.join(',')})`;
}

function expandedName({ path, suffix, options }: ExpandItem): string {
  if (suffix) return '';
  const list = selectList(options);
  return list && path.join('/') + list;
}
