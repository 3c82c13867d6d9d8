// The estimated cost of aggregates and pipelines: one pass over the table, times the work per row.

import type { Entity } from '../../../catalog/catalog.ts';
import type { BoundAggregateQuery } from '../../bound/aggregate.ts';
import type { BoundPipeline, BoundStage } from '../../bound/pipeline.ts';
import type { Statistics } from '../../statistics/statistics.ts';
import { candidatesMax, weightOfOrder, wholeListRows } from './cost.ts';
import { conditionWeight, type FanOutOf, fanOutIn, sum, weightOf } from './cost-of-expression.ts';

/** Assumes that every stage processes the whole list. */
export function costOfPipeline(statistics: Statistics, { stages, ends, take }: BoundPipeline): number {
  const weigh = (fanOut?: FanOutOf) => 1 + sum(stages, stage => weightOfStage(stage, fanOut));
  const [first] = stages;
  const width = Math.max(0, ...ends.map(({ select }) => select.length));
  return passCost(statistics, first?.source.entity, weigh) + take * width;
}

export function costOfGroups(statistics: Statistics, query: BoundAggregateQuery): number {
  const { where, keys, aggregates, having, orderBy } = query;
  const weigh = (fanOut?: FanOutOf) =>
    1 +
    weightOf(where, fanOut) +
    sum(keys, key => weightOf(key.by, fanOut)) +
    sum(aggregates, ({ of }) => conditionWeight + weightOf(of, fanOut)) +
    weightOf(having, fanOut) +
    weightOfOrder(orderBy, fanOut);
  return passCost(statistics, query.source.entity, weigh) + query.take * query.select.length;
}

/** The cost of the work on each row of a table. The rows themselves count as one pass; rows related to each of them do not. */
function passCost(
  statistics: Statistics,
  entity: Entity | undefined,
  weigh: (fanOut?: FanOutOf) => number,
): number {
  const plain = weigh();
  const related = weigh(over => fanOutIn(statistics, over)) - plain;
  const candidates = Math.min((entity && statistics.rowsOf(entity)) ?? wholeListRows, candidatesMax);
  return Math.ceil(wholeListRows * plain + candidates * related);
}

function weightOfStage(stage: BoundStage, fanOut?: FanOutOf): number {
  const weigh = (expr: Parameters<typeof weightOf>[0]) => weightOf(expr, fanOut);
  switch (stage.kind) {
    case 'where':
      return weigh(stage.where);
    case 'compute':
      return sum(stage.values, value => weigh(value.by));
    case 'share':
      return sum(stage.by, weigh) + sum(stage.aggregates, ({ of }) => conditionWeight + weigh(of));
    case 'group':
      return (
        sum(stage.keys, key => weigh(key.by)) + sum(stage.aggregates, ({ of }) => conditionWeight + weigh(of))
      );
    case 'number':
      return sum(stage.by, weigh) + weightOfOrder(stage.orderBy, fanOut);
    case 'page':
      return conditionWeight + weightOfOrder(stage.orderBy, fanOut);
  }
}
