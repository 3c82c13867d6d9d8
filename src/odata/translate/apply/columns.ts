// The columns of rows as they pass through $apply, and how the final rows are written.

import { fault } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/near-name.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { FlowOutput } from '../../../query/ask/pipeline-query.ts';
import { payloadNames } from '../../model/edm-types.ts';
import type { VisibleEntity } from '../../model/visible-model.ts';
import type { SelectItem } from '../../parse/selection-items.ts';
import type { JsonForm } from '../../url/media-type.ts';

export interface ApplyColumns {
  /** Whether the rows are whole entities. */
  readonly whole: boolean;
  /** Declared fields, as paths: `['category', 'name']`. */
  readonly fields: readonly (readonly string[])[];
  /** Columns that say whether the related record of a path exists. */
  readonly present: readonly string[];
  /** Computed and aggregated values, whose types are not in $metadata. */
  readonly values: readonly string[];
}

export function columnsOf({ values }: VisibleEntity): ApplyColumns {
  const stored = [...values.values()].filter(field => field.kind !== 'function');
  return { whole: true, fields: stored.map(field => [field.name]), present: [], values: [] };
}

export const withValue = (columns: ApplyColumns, name: string): ApplyColumns => ({
  ...columns,
  fields: columns.fields.filter(path => path.join('/') !== name),
  values: [...columns.values.filter(value => value !== name), name],
});

/** @param prefix a path of relations: `category` */
export const presenceName = (prefix: string): string => `?${prefix}`;

/** Ignores names in $select that the rows do not have: another flow may have them. */
export function flowOutputs(
  columns: ApplyColumns,
  select: readonly SelectItem[] | undefined,
  form: Pick<JsonForm, 'prefix' | 'metadata'>,
  catalog: Catalog,
): FlowOutput[] {
  const { fields, values } = selected(columns, select);
  const { prefix, metadata } = form;
  const typed =
    metadata === 'none' ? undefined : { prefix, names: payloadNames(catalog, prefix === '@' ? '' : '#') };
  return [...nested(columns, fields, []), ...values.map(name => valueOutput(name, typed))];
}

/** @returns the columns of all flows: `category(name),total`; undefined when the rows are whole entities */
export function contextColumns(
  all: readonly ApplyColumns[],
  select: readonly SelectItem[] | undefined,
): string | undefined {
  const names = new Set<string>();
  for (const columns of all) {
    if (columns.whole && !select) continue;
    const { fields, values } = selected(columns, select);
    for (const name of [...contextNames(fields), ...values]) names.add(name);
  }
  return names.size > 0 ? [...names].join(',') : undefined;
}

function selected(columns: ApplyColumns, select: readonly SelectItem[] | undefined) {
  if (!select || select.some(item => item.path[0] === '*')) return columns;
  const names = new Set(select.map(item => item.path.join('/')));
  const isSelected = (path: readonly string[]) =>
    path.some((_, index) => names.has(path.slice(0, index + 1).join('/')));
  return {
    fields: columns.fields.filter(isSelected),
    values: columns.values.filter(name => names.has(name)),
  };
}

/** @param all the final columns of each flow @throws UNKNOWN_FIELD for names in $select that no flow has */
export function checkSelected(all: readonly ApplyColumns[], select: readonly SelectItem[] = []): void {
  const known = all.flatMap(({ fields, values }) => [...fields.map(path => path.join('/')), ...values]);
  for (const { path, at } of select) {
    const name = path.join('/');
    if (name === '*' || known.some(other => other === name || other.startsWith(`${name}/`))) continue;
    throw fault('UNKNOWN_FIELD', `The result of $apply has no "${name}".`, {
      hint: didYouMean(name, known) ?? `It has ${[...new Set(known)].join(', ')}.`,
      target: name,
      at,
    });
  }
}

/** @param outer the path to the object that contains the fields */
function nested(
  columns: ApplyColumns,
  fields: readonly (readonly string[])[],
  outer: readonly string[],
): FlowOutput[] {
  const depth = outer.length;
  const names = [...new Set(fields.map(path => path[depth]!))];
  return names.map((name): FlowOutput => {
    const inner = fields.filter(path => path[depth] === name);
    const path = [...outer, name];
    if (inner[0]!.length === depth + 1) return { kind: 'value', of: path.join('/'), as: name };
    const present = presenceName(path.join('/'));
    const presentWhere = columns.present.includes(present) ? present : undefined;
    return { kind: 'object', as: name, select: nested(columns, inner, path), presentWhere };
  });
}

function valueOutput(
  name: string,
  typed: { prefix: string; names: Readonly<Record<string, string>> } | undefined,
): FlowOutput {
  const value = { kind: 'value', of: name, as: name } as const;
  return typed ? { ...value, typed: { as: `${name}${typed.prefix}type`, names: typed.names } } : value;
}

/** @returns `id`, `category(name,parent(name))` */
function contextNames(fields: readonly (readonly string[])[]): string[] {
  const heads = [...new Set(fields.map(path => path[0]!))];
  return heads.map(head => {
    const below = fields.filter(path => path[0] === head && path.length > 1).map(path => path.slice(1));
    return below.length > 0 ? `${head}(${contextNames(below).join(',')})` : head;
  });
}
