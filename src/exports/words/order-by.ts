import { fault } from '../../base/errors.ts';
import { type ExportParams, jsonParam } from '../options/export-params.ts';

const termShape = /^((?:\w+\.)*\w+)(?:\s+(asc|desc))?$/i;

/**
 * `[{"price": "desc"}]`, as in GraphQL, or shorter: `price desc, category.name`.
 * @returns it in the form of GraphQL @throws INVALID_VALUE, INVALID_JSON
 */
export function orderByParam(params: ExportParams): unknown {
  const value = params.get('orderBy');
  if (typeof value !== 'string' || /^\s*[[{]/.test(value)) return jsonParam(params, 'orderBy');
  return value.split(',').map(term => toTerm(term.trim()));
}

function toTerm(text: string): unknown {
  const [, path, direction = 'asc'] = termShape.exec(text) ?? [];
  if (path === undefined) {
    throw fault('INVALID_VALUE', `"${text.slice(0, 80)}" is not a sort key.`, {
      hint: 'Write a field and asc or desc: orderBy=price desc,category.name',
      target: 'orderBy',
    });
  }
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), direction.toLowerCase());
}
