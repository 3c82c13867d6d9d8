// $apply -> the stages of a PipelineQuery and its columns (OData Extension for Data Aggregation 4.0, 3).

import type { NamedAggregate } from '../../query/ask/aggregate-query.ts';
import { compare, type Expr, literal, path } from '../../query/ask/expression.ts';
import type { Flow, Stage } from '../../query/ask/pipeline-query.ts';
import { whereFound } from '../../query/ask/where-found.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { AggregateItem, Transformation } from '../parse/apply.ts';
import type { ComputeItem } from '../parse/compute.ts';
import type { AggregateNode, ODataExpression } from '../parse/odata-expression.ts';
import type { OrderItem } from '../parse/orderby.ts';
import { notServed } from '../url/syntax.ts';
import { type ApplyColumns, checkSelected, contextColumns, flowOutputs, withValue } from './apply/columns.ts';
import { carriedPresences, keyName, presencesOf } from './apply/keys.ts';
import { type AppliedOptions, add, narrows, type Progress, start } from './apply/progress.ts';
import { relatedAggregate } from './related-aggregate.ts';
import { toExpr } from './to-expr.ts';
import { toOrder } from './to-order.ts';
import type { SelectionContext } from './to-selection.ts';
import type { Translation } from './translation.ts';

export interface Applied {
  readonly flow: Flow;
  /** The columns, as a context URL lists them: `category(name),total`; undefined when the rows are whole entities. */
  readonly columns?: string;
}

/** @throws SYNTAX_ERROR, UNKNOWN_FIELD, INVALID_OPERATION, LIMIT_EXCEEDED, NOT_IMPLEMENTED, and others from the query engine */
export function toApplied(
  context: SelectionContext,
  entity: VisibleEntity,
  transformations: readonly Transformation[],
  options: AppliedOptions,
): Applied {
  const apply = new ApplyTranslation(context, entity);
  const ends: ApplyColumns[] = [];
  const flow = apply.flow(transformations, { ...start(entity), options, ends });
  checkSelected(ends, options.select);
  return { flow, columns: contextColumns(ends, options.select) };
}

class ApplyTranslation {
  readonly #context: SelectionContext;
  readonly #entity: VisibleEntity;
  #names = 0;

  constructor(context: SelectionContext, entity: VisibleEntity) {
    this.#context = context;
    this.#entity = entity;
  }

  flow(transformations: readonly Transformation[], from: Progress): Flow {
    const split = transformations.findIndex(({ kind }) => kind === 'concat');
    if (split < 0) return this.#end(this.#sequence(transformations, from));
    return this.#concat(transformations.slice(split), this.#sequence(transformations.slice(0, split), from));
  }

  #concat([concat, next]: readonly Transformation[], from: Progress): Flow {
    if (next) throw notServed('transformations after concat', next.at, 'Move them into each part of concat.');
    const { filter, orderby, compute } = from.options ?? {};
    if (filter || orderby || compute) {
      throw notServed(
        '$filter, $orderby and $compute after concat',
        concat!.at,
        'Move them into the parts of concat.',
      );
    }
    const { flows } = concat as Transformation & { kind: 'concat' };
    return { stages: from.stages, flows: flows.map(flow => this.flow(flow, { ...from, stages: [] })) };
  }

  #end(rows: Progress): Flow {
    const { compute, filter, orderby, select } = rows.options ?? {};
    let last = compute ? this.#compute(compute, rows) : rows;
    if (filter) last = this.#filter(filter, last);
    if (orderby) last = this.#order(orderby, last);
    const { form, model } = this.#context;
    rows.ends.push(last.columns);
    return { stages: last.stages, select: flowOutputs(last.columns, select, form, model.catalog) };
  }

  #sequence(transformations: readonly Transformation[], from: Progress): Progress {
    let rows = from;
    for (const transformation of transformations) rows = this.#transform(transformation, rows);
    return rows;
  }

  #transform(transformation: Transformation, rows: Progress): Progress {
    this.#context.translation.budget.spend(transformation.at);
    switch (transformation.kind) {
      case 'filter':
        return this.#filter(transformation.where, rows);
      case 'search':
        return this.#search(transformation, rows);
      case 'compute':
        return this.#compute(transformation.items, rows);
      case 'aggregate':
        return this.#group(rows, rows.within ?? [], transformation.items);
      case 'groupby':
        return this.#groupby(transformation, rows);
      case 'orderby':
        return this.#order(transformation.items, rows);
      case 'top':
        return this.#page(rows, { take: transformation.count }, transformation.at);
      case 'skip':
        return this.#page(rows, { skip: transformation.count }, transformation.at);
      case 'topcount':
      case 'bottomcount':
        return this.#extreme(transformation, rows);
      case 'concat':
        throw notServed('concat inside groupby', transformation.at);
    }
  }

  #filter(where: ODataExpression, rows: Progress): Progress {
    const { expr, before } = this.#expression(where, rows);
    return add(before, { kind: 'where', where: expr });
  }

  #search({ search, at }: Transformation & { kind: 'search' }, rows: Progress): Progress {
    if (rows.grouped) throw notServed('search after groupby or aggregate', at);
    return add(rows, { kind: 'where', where: whereFound(undefined, search)! });
  }

  #compute(items: readonly ComputeItem[], rows: Progress): Progress {
    let before = rows;
    const values = items.map(({ of, name, at }) => {
      const translated = this.#expression(of, before);
      before = translated.before;
      return { name, by: translated.expr, at };
    });
    const computed = values.reduce((columns, { name }) => withValue(columns, name), before.columns);
    return { ...add(before, { kind: 'compute', values }), columns: computed };
  }

  #order(items: readonly OrderItem[], rows: Progress): Progress {
    const orderBy = toOrder(this.#translation(rows), items);
    if (rows.within) throw notServed('orderby inside groupby', items[0]!.at, 'Use topcount(...).');
    return add(rows, { kind: 'order', orderBy });
  }

  #page(rows: Progress, page: { take?: number; skip?: number }, at: number): Progress {
    if (rows.within) throw notServed('top and skip inside groupby', at, 'Use topcount(...).');
    return add(rows, { kind: 'page', ...page });
  }

  /** Takes the first rows in the given order, of each group if there are groups. */
  #extreme(
    { kind, count, by, at }: Transformation & { kind: 'topcount' | 'bottomcount' },
    rows: Progress,
  ): Progress {
    const direction = kind === 'topcount' ? 'desc' : 'asc';
    const orderBy = toOrder(this.#translation(rows), [{ by, direction, at }]);
    const name = this.#newName();
    const within = (rows.within ?? []).map(column => this.#column(column, rows));
    const numbered = add(rows, { kind: 'number', by: within, orderBy, name });
    return add(numbered, { kind: 'where', where: compare('le', path([name]), literal(count, 'Int'), at) });
  }

  #groupby({ by, each }: Transformation & { kind: 'groupby' }, rows: Progress): Progress {
    const { catalog } = this.#context.model;
    const keys = by.map(member =>
      rows.grouped ? member.names.join('/') : keyName(catalog, this.#entity.entity, member),
    );
    const within = [...new Set([...(rows.within ?? []), ...keys])];
    if (each.length === 0) return this.#group(rows, within, []);
    const grouping = each.findIndex(({ kind }) => kind === 'aggregate' || kind === 'groupby');
    const narrowing = each.slice(0, Math.max(grouping, 0)).find(narrows);
    if (narrowing) {
      throw notServed(
        `${narrowing.kind} before aggregate inside groupby`,
        narrowing.at,
        'Move it before groupby.',
      );
    }
    return { ...this.#sequence(each, { ...rows, within }), within: rows.within };
  }

  #group(rows: Progress, keys: readonly string[], items: readonly AggregateItem[]): Progress {
    const by = keys.map(name => ({ name, by: this.#column(name, rows) }));
    const present = rows.grouped ? carriedPresences(keys, rows.columns) : presencesOf(keys);
    let before = rows;
    const aggregates = items.map(item => {
      const translated = this.#aggregate(item, before);
      before = translated.before;
      return translated.aggregate;
    });
    const columns: ApplyColumns = {
      whole: false,
      fields: keys.map(name => name.split('/')),
      present: present.map(({ name }) => name),
      values: aggregates.map(({ name }) => name),
    };
    const stage: Stage = { kind: 'group', by: [...by, ...present], aggregates };
    return { ...add(before, stage), grouped: true, columns };
  }

  #aggregate(item: AggregateItem, rows: Progress): { aggregate: NamedAggregate; before: Progress } {
    const { name, function: kind, at } = item;
    if (!item.of) return { aggregate: { name, function: kind, at }, before: rows };
    const related = rows.grouped ? undefined : relatedAggregate(this.#entity, this.#context.model, item);
    const { expr, before } = related ? { expr: related, before: rows } : this.#expression(item.of, rows);
    return { aggregate: { name, function: kind, of: expr, at }, before };
  }

  #column(name: string, { grouped }: Progress): Expr {
    return path(grouped ? [name] : name.split('/'));
  }

  /** Aggregates over all current rows become columns of each row before the expression is evaluated. */
  #expression(node: ODataExpression, rows: Progress): { expr: Expr; before: Progress } {
    const shared: NamedAggregate[] = [];
    const these = ({ function: kind, at }: AggregateNode, of: Expr | undefined): Expr => {
      const name = this.#newName();
      shared.push({ name, function: kind, of, at });
      return path([name], undefined, at);
    };
    const expr = toExpr({ ...this.#translation(rows), these }, node);
    if (shared.length === 0) return { expr, before: rows };
    const by = (rows.within ?? []).map(column => this.#column(column, rows));
    return { expr, before: add(rows, { kind: 'share', by, aggregates: shared }) };
  }

  #translation({ grouped }: Progress): Translation {
    const { translation } = this.#context;
    return grouped ? { ...translation, grouped } : translation;
  }

  /** A name that no caller can use. */
  #newName(): string {
    return `~${this.#names++}`;
  }
}
