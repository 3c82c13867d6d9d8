// Context URLs: what an answer is, in terms of $metadata (OData 4.0 Part 1, 10). Here: what follows `$metadata#`.

import type { DataResource } from '../model/resource.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import type { UrlPart } from '../url/url.ts';

/** @returns `products(id,name)`, `products/$entity` */
export function entityContext({ steps, many }: DataResource, options: NestedOptions): string {
  const { set } = steps.at(-1)!.entity.entity;
  return `${set}${selectList(options)}${many ? '' : '/$entity'}`;
}

/** @param columns what $apply gives, as in Applied @returns `products(category(name),total)` */
export function appliedContext({ steps }: DataResource, columns: string | undefined): string {
  const { set } = steps.at(-1)!.entity.entity;
  return columns === undefined ? set : `${set}(${columns})`;
}

/** @returns for one field: `products(1)/name` */
export const propertyContext = (segments: readonly UrlPart[]): string =>
  segments
    .filter(({ text }) => text !== '$value')
    .map(({ text }) => encodeSegment(text))
    .join('/');

/** Everything is encoded that could end a segment or the fragment; what keys are written with stays readable. */
const encodeSegment = (text: string): string =>
  encodeURIComponent(text).replace(/%(?:2C|3A|3D|40)/g, encoded => decodeURIComponent(encoded));

/**
 * Names what $select names, and those expanded relations that have such a list of their own. The empty parentheses
 * with which 4.01 names the others make Excel refuse the feed.
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
