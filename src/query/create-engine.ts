import type { Limits } from '../base/config.ts';
import type { Database } from '../base/database.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { checkAccess, mayReadField } from './access.ts';
import { checkQuery } from './check.ts';
import { checkAggregateQuery } from './check-aggregate-query.ts';
import { CheckContext } from './check-context.ts';
import type { Engine } from './engine.ts';
import { planQuery } from './plan.ts';
import { planAggregate } from './plan-aggregate.ts';
import { runPlan } from './run.ts';
import { StatementNames } from './statement-names.ts';

interface Parts {
  readonly catalog: Catalog;
  readonly database: Database;
  readonly limits: Limits;
}

/** @returns the waist over one catalog and one database */
export function createEngine({ catalog, database, limits }: Parts): Engine {
  const names = new StatementNames();
  const target = (name: string) => catalog.entities.get(name);
  return {
    catalog,
    prepare(query, principal, format) {
      const mayKnow = (
        ...about: [entity: Parameters<typeof mayReadField>[1], field: Parameters<typeof mayReadField>[2]]
      ) => mayReadField(principal, ...about, target);
      const context = new CheckContext(catalog, limits, mayKnow);
      if ('kind' in query) {
        const bound = checkAggregateQuery(context, query);
        checkAccess(context.references, principal);
        return { plan: planAggregate(catalog, bound, format) };
      }
      const bound = checkQuery(context, query);
      checkAccess(context.references, principal);
      return { plan: planQuery(catalog, bound, format) };
    },
    run: ({ plan }, signal) => runPlan(database, plan, names.of(plan.text), signal),
  };
}
