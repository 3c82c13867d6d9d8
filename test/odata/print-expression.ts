// Expressions as text with every parenthesis, so that a table of meanings can be read.

import { parseWholeExpression } from '../../src/odata/parse/expression.ts';
import type { MemberNode, ODataExpression } from '../../src/odata/parse/odata-expression.ts';

/** @returns `((a eq 1) and (not b))` */
function show(node: ODataExpression): string {
  switch (node.kind) {
    case 'literal':
      return node.type === 'string' ? `'${node.text}'` : (node.enumType ?? '') + node.text;
    case 'list':
      return `[${node.items.map(show).join(', ')}]`;
    case 'member':
      return showPath(node);
    case 'alias':
      return node.name;
    case 'call':
      return `${node.name}(${node.args.map(show).join(', ')})`;
    case 'not':
      return `(not ${show(node.item)})`;
    case 'negate':
      return `(-${show(node.item)})`;
    case 'and':
    case 'or':
      return `(${node.items.map(show).join(` ${node.kind} `)})`;
    case 'binary':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case 'count': {
      const options = [node.filter && show(node.filter), node.search && 'search'].filter(Boolean).join('; ');
      return `${show(node.over)}/$count${options && `(${options})`}`;
    }
    case 'aggregate':
      return `${node.over ? show(node.over) : '$these'}/aggregate(${node.function}${node.of ? ` ${show(node.of)}` : ''})`;
    case 'object':
      return `{${node.members.map(({ name, value }) => `${name}: ${show(value)}`).join(', ')}}`;
    case 'case':
      return `case(${node.branches.map(({ when, value }) => `${show(when)}: ${show(value)}`).join(', ')})`;
    default:
      return `${show(node.over)}/${node.kind}(${node.variable ?? ''}${node.where ? `: ${show(node.where)}` : ''})`;
  }
}

function showPath({ root, alias, names, key, filter }: MemberNode): string {
  const parts = [root ?? alias, ...names].filter(Boolean) as string[];
  if (key) parts[1] += `(${key.map(({ name, value }) => (name ? `${name}=` : '') + show(value)).join(',')})`;
  if (filter) parts.push(`$filter(${show(filter)})`);
  return parts.join('/');
}

export const parse = (text: string): ODataExpression => parseWholeExpression({ text, at: 0 });

/** @returns the meaning of an expression, or the code and position of what is wrong with it */
export function meaning(text: string): string {
  try {
    return show(parse(text));
  } catch (error) {
    const { code, at } = error as { code?: string; at?: number };
    if (code === undefined) throw error;
    return `${code} at ${at}`;
  }
}
