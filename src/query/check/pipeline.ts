// PipelineQuery -> BoundPipeline. As in query.ts: checked against the catalog and the limits; access.ts decides on the references
// that are collected. A stage's output is an entity whose table is the stage, so the next stage is checked like any query.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity, Field, SqlField } from '../../catalog/catalog.ts';
import type { NamedAggregate } from '../ask/aggregate-query.ts';
import type { OrderTerm } from '../ask/order-term.ts';
import type {
  ComputedValue,
  Flow,
  FlowOutput,
  FlowValue,
  PipelineQuery,
  Stage,
} from '../ask/pipeline-query.ts';
import type { BoundNamedAggregate } from '../bound/aggregate.ts';
import { type BoundOrder, isNullable, type TypedBound, typeOf } from '../bound/expression.ts';
import type { BoundEnd, BoundFlowOutput, BoundPipeline, BoundStage, RowsSource } from '../bound/pipeline.ts';
import { bindAggregates, columnsByName } from './aggregate.ts';
import { bindGroupKey, columnField, groupEntity } from './aggregate-query.ts';
import { countType } from './aggregate-type.ts';
import type { CheckContext } from './context.ts';
import { costOfPipeline } from './cost/cost-of-groups.ts';
import { bindCondition, bindStorable } from './expression.ts';
import { bindOrderTerms, endedBy } from './order.ts';
import type { Scope } from './path.ts';
import { checkSkip, checkTake, typeName } from './query.ts';

/** Maximum number of stages of one query, over all flows. */
const stagesMax = 50;

/** @throws UNKNOWN_ENTITY, UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED */
export function checkPipeline(context: CheckContext, query: PipelineQuery): BoundPipeline {
  const entity = context.catalog.entities.get(query.entity);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity "${query.entity}".`, { at: query.at });
  context.references.push({ entity, at: query.at });
  const take = checkTake(context, query);
  const check = new PipelineCheck(context);
  check.flow(query.flow, { entity, key: entity.key, orderBy: [] });
  const bound: BoundPipeline = {
    stages: check.stages,
    ends: check.ends,
    take,
    takeIsDefault: query.take === undefined,
    skip: checkSkip(query),
    count: query.count === true,
  };
  context.spend({ cost: costOfPipeline(context.statistics, bound) }, query.at);
  return bound;
}

/** Rows between two stages. */
interface Rows {
  readonly entity: Entity;
  /** Fields that together are unique. */
  readonly key: readonly string[];
  readonly orderBy: readonly OrderTerm[];
}

class PipelineCheck {
  readonly stages: BoundStage[] = [];
  readonly ends: BoundEnd[] = [];
  readonly #context: CheckContext;
  #additions = 0;

  constructor(context: CheckContext) {
    this.#context = context;
  }

  flow(flow: Flow, from: Rows): void {
    let rows = from;
    for (const stage of flow.stages) rows = this.#stage(stage, rows);
    if (flow.flows) for (const next of flow.flows) this.flow(next, rows);
    else this.ends.push(this.#end(flow.select, rows));
  }

  #stage(stage: Stage, rows: Rows): Rows {
    this.#context.node();
    if (this.stages.length >= stagesMax) {
      throw fault('LIMIT_EXCEEDED', `The query has more than ${stagesMax} transformations.`);
    }
    if (stage.kind === 'order') return { ...rows, orderBy: stage.orderBy };
    const source = { entity: rows.entity };
    const scope = scopeOfRows(source);
    const output = { source, gives: `~${this.stages.length}` };
    switch (stage.kind) {
      case 'where':
        this.stages.push({
          ...output,
          kind: 'where',
          where: bindCondition(this.#context, scope, stage.where),
        });
        return { ...rows, entity: derived(rows.entity, output.gives) };
      case 'page': {
        const orderBy = this.#order(scope, rows);
        const { take } = stage;
        this.stages.push({ ...output, kind: 'page', orderBy, skip: checkSkip(stage), take });
        return { ...rows, entity: derived(rows.entity, output.gives) };
      }
      case 'compute': {
        refuseKeys(rows, stage.values);
        const values = stage.values.map(({ by }) => bindStorable(this.#context, scope, by));
        const added = stage.values.map((value, index) => this.#addition(value.name, values[index]!));
        const additions = added.map(({ column }, index) => ({ column, by: values[index]! }));
        this.stages.push({ ...output, kind: 'compute', values: additions });
        return { ...rows, entity: derived(rows.entity, output.gives, added) };
      }
      case 'share': {
        const by = stage.by.map(key => bindStorable(this.#context, scope, key));
        const aggregates = this.#shared(scope, stage.aggregates);
        const added = aggregates.map((column, index) => columnField(stage.aggregates[index]!.name, column));
        this.stages.push({ ...output, kind: 'share', by, aggregates });
        return { ...rows, entity: derived(rows.entity, output.gives, added) };
      }
      case 'number': {
        const by = stage.by.map(key => bindStorable(this.#context, scope, key));
        const orderBy = this.#order(scope, { ...rows, orderBy: stage.orderBy });
        const column = `~x${this.#additions++}`;
        const added = [columnField(stage.name, { column, type: countType, nullable: false })];
        this.stages.push({ ...output, kind: 'number', by, orderBy, column });
        return { ...rows, entity: derived(rows.entity, output.gives, added) };
      }
      case 'group': {
        const keys = stage.by.map((key, index) => bindGroupKey(this.#context, scope, key, `k${index}`));
        const aggregates = bindAggregates(this.#context, scope, stage.aggregates);
        const columns = columnsByName([...stage.by, ...stage.aggregates], [...keys, ...aggregates]);
        this.stages.push({ ...output, kind: 'group', keys, aggregates });
        const entity = { ...groupEntity(rows.entity, columns), table: output.gives };
        return { entity, key: stage.by.map(({ name }) => name), orderBy: [] };
      }
    }
  }

  #addition(name: string, by: TypedBound): ColumnField {
    const column = `~x${this.#additions++}`;
    return columnField(name, { column, type: typeOf(by), nullable: isNullable(by) });
  }

  /** PostgreSQL supports count(DISTINCT) only in groups, not as a window function. */
  #shared(scope: Scope, aggregates: readonly NamedAggregate[]): BoundNamedAggregate[] {
    const distinct = aggregates.find(aggregate => aggregate.function === 'countDistinct');
    if (distinct) {
      throw fault('INVALID_OPERATION', 'A count of distinct values cannot be added to rows.', {
        at: distinct.at,
      });
    }
    return bindAggregates(this.#context, scope, aggregates).map(aggregate => ({
      ...aggregate,
      column: `~x${this.#additions++}`,
    }));
  }

  #end(select: readonly FlowOutput[], rows: Rows): BoundEnd {
    const source = { entity: rows.entity };
    const orderBy = this.#order(scopeOfRows(source), rows);
    return { source, orderBy, select: select.flatMap(output => this.#output(rows.entity, output)) };
  }

  #output(entity: Entity, output: FlowOutput): BoundFlowOutput[] {
    this.#context.node();
    if (output.kind === 'constant') return [output];
    if (output.kind === 'value') return this.#value(entity, output);
    const { as, presentWhere } = output;
    const select = output.select.flatMap(inner => this.#output(entity, inner));
    const presence = presentWhere === undefined ? undefined : entity.fields.get(presentWhere);
    return [{ kind: 'object', as, select, presentWhere: presence as ColumnField | undefined }];
  }

  #value(entity: Entity, { of, as, typed, at }: FlowValue): BoundFlowOutput[] {
    const field = storedField(this.#context.field(entity, of, at), at);
    const value = { kind: 'value', as, column: field } as const;
    if (!typed) return [value];
    return [{ kind: 'constant', as: typed.as, value: typeName(field.type, typed.names) }, value];
  }

  #order(scope: Scope, { key, orderBy, entity }: Rows): BoundOrder[] {
    return endedBy(scope, entity, key, bindOrderTerms(this.#context, scope, orderBy));
  }
}

/** Keys must keep their meaning. Any other name may be reused: an error would reveal that a field of that name exists. */
function refuseKeys({ key }: Rows, values: readonly ComputedValue[]): void {
  const conflict = values.find(({ name }) => key.includes(name));
  if (!conflict) return;
  throw fault('INVALID_OPERATION', `"${conflict.name}" is the name of a key.`, {
    hint: 'Give the computed value another name.',
    target: conflict.name,
    at: conflict.at,
  });
}

const scopeOfRows = (source: RowsSource): Scope => ({ root: source, variables: new Map() });

/** The rows of a stage: the row filter has already been applied, and everything else stays the same. */
function derived(entity: Entity, table: string, added: readonly ColumnField[] = []): Entity {
  const fields = new Map<string, Field>(entity.fields);
  for (const field of added) fields.set(field.name, field);
  return { ...entity, table, fields, rowFilter: undefined };
}

function storedField(field: Field, at?: number): ColumnField | SqlField {
  if (field.kind === 'column' || field.kind === 'sql') return field;
  throw fault('INVALID_OPERATION', `"${field.name}" cannot be the output of a transformation.`, { at });
}
