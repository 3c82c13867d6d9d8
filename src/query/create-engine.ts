import { randomBytes } from 'node:crypto';
import type { Limits } from '../base/config/config.ts';
import type { Database } from '../base/database/database.ts';
import { addCost } from '../base/lane.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { OutputFormat } from './ask/output-format.ts';
import { writtenBy } from './change/actor.ts';
import { AbsentRows } from './change/bulk/absent-rows.ts';
import { BulkUpsert } from './change/bulk/bulk-upsert.ts';
import { keyFinder } from './change/bulk/key-finder.ts';
import { changeAccess } from './change/check/access.ts';
import { prepareChange } from './change/prepare.ts';
import { completeFaults, runChanges, runIndependently } from './change/run-all.ts';
import { columnOf } from './change/sql/columns.ts';
import { writtenRowCost } from './change/written-row-cost.ts';
import { checkAccess } from './check/access.ts';
import { checkAggregateQuery } from './check/aggregate-query.ts';
import { CheckContext } from './check/context.ts';
import { checkPipeline } from './check/pipeline.ts';
import { checkQuery } from './check/query.ts';
import { createCursors } from './cursor/cursor.ts';
import type { Engine, ReadQuery } from './engine.ts';
import { cachePermitted } from './permitted/cache.ts';
import { permittedOf } from './permitted/permitted-catalog.ts';
import { planAggregate } from './plan/aggregate.ts';
import { planPipeline } from './plan/pipeline.ts';
import { type Plan, planQuery } from './plan/plan.ts';
import { StatementNames } from './plan/statement-names.ts';
import { runCells, runPlan, runRows } from './run.ts';
import { KeptStatistics } from './statistics/statistics.ts';

interface EngineDeps {
  readonly catalog: Catalog;
  readonly database: Database;
  readonly limits: Limits;
  /** Encrypts cursors; must be the same on every instance. Absent: a random secret, so cursors do not survive the process. */
  readonly cursorSecret?: Buffer;
}

/** @returns the query engine for one catalog and one database */
export function createEngine({ catalog, database, limits, cursorSecret }: EngineDeps): Engine {
  const cursors = createCursors(cursorSecret ?? randomBytes(32));
  const names = new StatementNames();
  const statistics = new KeptStatistics(catalog);
  const permitted = cachePermitted(catalog);
  const changeDeps = { catalog, database, cursors, names };
  return {
    catalog,
    limits,
    cursors,
    statistics,
    permitted,
    prepare(query, principal, format) {
      const context = new CheckContext(
        { catalog, limits, cursors, statistics },
        entity => permittedOf(permitted(principal), entity).readable,
      );
      const permit = () => checkAccess(context.references, principal);
      return { plan: checkAndPlan(context, query, format, permit), cost: context.cost };
    },
    run({ plan, cost }, signal, session) {
      addCost(cost);
      return runPlan(session ?? database, plan, { name: names.of(plan.text), signal });
    },
    runRows({ plan, cost }, signal, session) {
      addCost(cost);
      return runRows(session ?? database, plan, { name: names.of(plan.text), signal });
    },
    runCells({ plan, cost }, signal, session) {
      addCost(cost);
      return runCells(session ?? database, plan, { name: names.of(plan.text), signal });
    },
    prepareChange: (request, principal, format) =>
      prepareChange({ catalog, limits, cursors, statistics, permitted }, request, principal, format),
    completeFaults: (error, { session = database, signal } = {}) =>
      completeFaults({ catalog, session, signal }, error),
    async change(changes, options = {}) {
      const answers = await runChanges(changeDeps, changes, options);
      for (const { count = 1 } of answers) addCost(count * writtenRowCost);
      return answers;
    },
    async changeEach(changes, options = {}) {
      const outcomes = await runIndependently(changeDeps, changes, options);
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled') addCost((outcome.value.count ?? 1) * writtenRowCost);
      return outcomes;
    },
    ...bulkWrites(catalog),
  };
}

/** What writes in bulk needs, each permitted first. */
const bulkWrites = (
  catalog: Catalog,
): Pick<Engine, 'permitWrite' | 'writtenBy' | 'openUpsert' | 'keyFinder' | 'openAbsent'> => ({
  permitWrite: (principal, entity, fields = []) => changeAccess(principal, entity, fields),
  writtenBy,
  openUpsert: async (target, principal, on) => {
    const entity = catalog.entities.get(target.entity)!;
    changeAccess(principal, entity, target.fields);
    return BulkUpsert.open(on, entity, target);
  },
  keyFinder(entity, { key, value }, principal, on) {
    checkAccess([{ entity, field: key }], principal);
    return keyFinder(on, entity, key, value);
  },
  async openAbsent(target, principal, on) {
    const { entity, set, where } = target;
    changeAccess(principal, entity, set ? [set.field] : []);
    // Which records are changed would tell their values.
    const filtered = [...where.keys()].map(name => ({ entity, field: columnOf(entity, name) }));
    checkAccess(filtered, principal);
    return AbsentRows.open(target, on);
  },
});

/** @param permit decides on permission for everything that the check noted @returns the plan of a valid, permitted query */
function checkAndPlan(
  context: CheckContext,
  query: ReadQuery,
  format: OutputFormat,
  permit: () => void,
): Plan {
  const { catalog, cursors } = context;
  if (!('kind' in query)) {
    const bound = checkQuery(context, query);
    permit();
    return planQuery(catalog, cursors, bound, format);
  }
  if (query.kind === 'aggregate') {
    const bound = checkAggregateQuery(context, query);
    permit();
    return planAggregate(catalog, bound, format);
  }
  const bound = checkPipeline(context, query);
  permit();
  return planPipeline(catalog, bound, format);
}
