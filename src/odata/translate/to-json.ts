// Objects and arrays in expressions -> JSON values, for Json fields.

import type { ODataExpression } from '../parse/odata-expression.ts';
import { notServed } from '../url/syntax.ts';

/** @returns what JSON.parse would return @throws NOT_IMPLEMENTED for fields and other nodes that are not values */
export function toJson(node: ODataExpression): unknown {
  if (node.kind === 'object') {
    return Object.fromEntries(node.members.map(({ name, value }) => [name, toJson(value)]));
  }
  if (node.kind === 'list') return node.items.map(toJson);
  if (node.kind !== 'literal') throw notServed('fields in objects and arrays', node.at);
  switch (node.type) {
    case 'null':
      return null;
    case 'boolean':
      return node.text === 'true';
    case 'integer':
    case 'decimal':
    case 'double':
      return Number(node.text);
    default:
      return node.text;
  }
}
