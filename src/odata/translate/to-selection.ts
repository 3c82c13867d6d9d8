// $select and $expand -> selections of the query engine, under the names of OData's JSON.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { RelationField } from '../../catalog/catalog.ts';
import type { EntityQuery, FieldSelection, Selection } from '../../query/ask/entity-query.ts';
import { whereFound } from '../../query/ask/where-found.ts';
import type { LinkParts } from '../answer/nested-link.ts';
import { continuationOf, itemText } from '../answer/nested-link.ts';
import { scopeMissing } from '../model/scope-missing.ts';
import { targetOf, type VisibleEntity, type VisibleModel } from '../model/visible-model.ts';
import type { ComputeItem } from '../parse/compute.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import type { JsonForm } from '../url/media-type.ts';
import { notServed, syntaxError, tooMuch } from '../url/syntax.ts';
import { computedSelection, mentionedBy, withComputed } from './computed.ts';
import { annotationSelections } from './full-metadata.ts';
import { listSelection } from './list-selection.ts';
import { referenceTo } from './reference.ts';
import { toExpr } from './to-expr.ts';
import { toOrder } from './to-order.ts';
import { type Translation, withAliases } from './translation.ts';

export interface SelectionContext {
  readonly model: VisibleModel;
  readonly form: Pick<JsonForm, 'prefix' | 'metadata' | 'tags'>;
  /** Translates the expressions inside $expand. */
  readonly translation: Translation;
  /** For next links of nested lists; without it there are none. */
  readonly links?: LinkParts;
}

/** @throws UNKNOWN_FIELD, INVALID_OPERATION, SYNTAX_ERROR, LIMIT_EXCEEDED, NOT_IMPLEMENTED, SCOPE_MISSING from the query engine */
export function toSelections(
  context: SelectionContext,
  entity: VisibleEntity,
  options: NestedOptions,
): Selection[] {
  const expanded = toExpanded(context, entity, options.expand ?? []);
  const names = expanded.map(selection => selection.as);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) throw syntaxError(`"${twice}" is expanded twice.`, options.expand![0]!.at);
  const fields = toFields(context, entity, options);
  for (const { at = 0 } of fields as readonly { at?: number }[]) context.translation.budget.spend(at);
  const annotations = annotationSelections(context.form, entity, options);
  return [...annotations, ...entityTag(context, entity), ...fields, ...expanded];
}

/** Only for callers who may write: others have no use for it, and it is a seventh of a short row. */
const entityTag = ({ form }: SelectionContext, { writable }: VisibleEntity): Selection[] =>
  writable && form.tags ? [{ kind: 'version', as: `${form.prefix}etag` }] : [];

/** Without $select, and for `*`: every field that the caller may read, and all computed values. */
function toFields(
  { translation, form }: SelectionContext,
  entity: VisibleEntity,
  { select = [{ path: ['*'], at: 0 }], compute = [] }: NestedOptions,
): Selection[] {
  const selected = new Map<string, Selection[]>();
  const selectComputed = (item: ComputeItem) =>
    selected.set(item.name, computedSelection(translation, form, item));
  if (select.some(item => item.path[0] === '*')) {
    for (const field of allFields(entity)) selected.set(field.as, [field]);
    for (const item of compute) selectComputed(item);
  }
  for (const { path, options, foreign, at } of select) {
    const [name] = path as [string];
    if (name === '*') continue;
    if (foreign) throw notServed(foreign, at);
    if (path.length > 1) throw notServed('paths in $select', at, `Write $expand=${name}($select=…).`);
    if (name.includes('.')) throw notServed(`"${name}" in $select`, at);
    // A selected relation that is not expanded would show as a link, which `metadata=minimal` leaves out.
    if (entity.relations.has(name) && !options) continue;
    const computed = compute.find(item => item.name === name);
    const field = entity.values.get(name);
    if (options && field)
      selected.set(name, listSelection(translation, form, { field, as: name, options, at }));
    else if (options) throw notServed(`options of "${name}" in $select`, at);
    else if (computed) selectComputed(computed);
    else selected.set(name, [{ kind: 'field', field: name, as: name, at }]);
  }
  return [...selected.values()].flat();
}

const allFields = ({ values }: VisibleEntity): FieldSelection[] =>
  [...values.keys()].map(name => ({ kind: 'field', field: name, as: name }));

/** `*` does not include relations that are expanded by name. */
function toExpanded(
  context: SelectionContext,
  entity: VisibleEntity,
  items: readonly ExpandItem[],
): Selection[] {
  const named = new Set(items.map(item => item.path[0]));
  return items.flatMap(item => {
    const { path, foreign, at } = item;
    if (foreign) throw notServed(foreign, at);
    if (path.length > 1) throw notServed('paths in $expand', at, 'Nest it: $expand=a($expand=b).');
    if (path[0] !== '*') return toRelation(context, entity, relationOf(context, entity, path[0]!, at), item);
    const others = [...entity.relations.values()].filter(relation => !named.has(relation.name));
    return others.flatMap(relation => toRelation(context, entity, relation, item));
  });
}

function relationOf(
  { model }: SelectionContext,
  { entity, relations, values }: VisibleEntity,
  name: string,
  at: number,
): RelationField {
  const relation = relations.get(name);
  if (relation) return relation;
  if (values.has(name))
    throw fault('INVALID_OPERATION', `"${name}" is a field; only relations can be expanded.`, { at });
  const hidden = entity.fields.get(name);
  if (hidden) throw scopeMissing(model, entity, hidden, at);
  throw fault('UNKNOWN_FIELD', `${entity.set} has no relation "${name}".`, {
    hint: didYouMean(name, relations.keys()) ?? `Its relations are ${[...relations.keys()].join(', ')}.`,
    target: name,
    at,
  });
}

function toRelation(
  context: SelectionContext,
  parent: VisibleEntity,
  relation: RelationField,
  item: ExpandItem,
): Selection[] {
  const { options, suffix, at } = item;
  context.translation.budget.spend(at);
  if (suffix === '$count') return [countOf(context, relation, item)];
  const { name } = relation;
  const query = relatedQuery(context, parent, relation, item);
  const selection: Selection = { kind: 'relation', relation: name, as: name, query, at };
  return options.count ? [countOf(context, relation, item), selection] : [selection];
}

/** An annotation comes before what it annotates (OData JSON Format 4.0, 4.5). */
function countOf(context: SelectionContext, relation: RelationField, { options, at }: ExpandItem): Selection {
  const { name, list } = relation;
  if (!list) throw fault('INVALID_OPERATION', `"${name}" is a single entity and cannot be counted.`, { at });
  const target = targetOf(context.model, relation);
  const inside = withAliases({ ...context.translation, nested: true }, options.aliases);
  const translation = withComputed(inside, target, options.compute);
  const filter = options.filter && toExpr(translation, options.filter);
  const where = whereFound(filter, options.search);
  return { kind: 'count', relation: name, as: `${name}${context.form.prefix}count`, where, at };
}

const listOnly = ['filter', 'search', 'orderby', 'top', 'skip'] as const;

function relatedQuery(
  context: SelectionContext,
  parent: VisibleEntity,
  relation: RelationField,
  item: ExpandItem,
): EntityQuery {
  const { options, at } = item;
  const misplaced = relation.list ? undefined : listOnly.find(name => options[name] !== undefined);
  if (misplaced) {
    throw fault('INVALID_OPERATION', `"${relation.name}" is a single entity and takes no $${misplaced}.`, {
      at,
    });
  }
  const target = targetOf(context.model, relation);
  const nested = options.levels === undefined ? options : nextLevel(relation, item);
  const { prefix } = context.form;
  const list = { parent, relation, item, options: nested, prefix };
  const continuation = relation.list && context.links ? continuationOf(context.links, list) : undefined;
  const { translation, variable } = insideOf(context.translation, target, options);
  return {
    entity: relation.target,
    variable,
    select:
      item.suffix === '$ref'
        ? [referenceTo(target, context.form, at)]
        : toSelections({ ...context, translation }, target, nested),
    where: options.filter && toExpr(translation, options.filter),
    mentioned: mentionedBy(translation, options.compute),
    search: options.search,
    orderBy: options.orderby && toOrder(translation, options.orderby),
    take: options.top,
    skip: options.skip,
    continuation,
    limit: continuation && options.top,
    cardinality: relation.list ? 'many' : 'one',
    at,
  };
}

/** @returns the translation for expressions inside $expand, and the variable of the row there */
function insideOf(around: Translation, target: VisibleEntity, { compute, aliases }: NestedOptions) {
  const level = (around.level ?? 0) + 1;
  const variable = `row${level}`;
  const inside = withAliases({ ...around, nested: true, level }, aliases, variable);
  return { translation: withComputed(inside, target, compute), variable };
}

/** The maximum, and the meaning of "max": nested lists soon exceed the maximum number of rows of an answer. */
const levelsMax = 10;
const levelsOf = { list: 3, record: 8 };

/** `$levels=3` repeats the $expand inside itself, two levels deep (OData 4.01 Part 2, 5.1.3.2). */
function nextLevel({ list }: RelationField, item: ExpandItem): NestedOptions {
  const { levels: requested, expand = [], texts, ...rest } = item.options;
  const levels = requested === 'max' ? levelsOf[list ? 'list' : 'record'] : requested!;
  if (levels > levelsMax) throw tooMuch(`$levels may be at most ${levelsMax}.`, item.at);
  const { levels: _, ...others } = texts ?? {};
  if (levels === 1) return { ...rest, expand, texts: { expand: '', ...others } };
  const inner = { ...texts, levels: String(levels - 1) };
  const again = { ...item, options: { ...item.options, levels: levels - 1, texts: inner } };
  const written = [...(others.expand ? [others.expand] : []), itemText(again, inner)].join(',');
  return { ...rest, expand: [...expand, again], texts: { ...others, expand: written } };
}
