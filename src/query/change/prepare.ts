// ChangeRequest -> PreparedChange: checked and permitted as a whole before anything is written.

import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeRequest } from '../ask/entity-change.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundChange } from '../bound/change.ts';
import type { BoundQuery, BoundSelection } from '../bound/query.ts';
import { checkAccess } from '../check/access.ts';
import { CheckContext, type CheckDeps } from '../check/context.ts';
import { checkQuery } from '../check/query.ts';
import type { PermittedCatalog } from '../permitted/permitted-catalog.ts';
import { permittedOf } from '../permitted/permitted-catalog.ts';
import { actorText } from './actor.ts';
import { changeAccess } from './check/access.ts';
import { checkChange } from './check/change.ts';
import { ChangeCheck, type WriteReference } from './check/state.ts';
import { changeFault, RefusedChange } from './refusal/fault.ts';

/** A change that is checked and permitted. */
export interface PreparedChange {
  readonly change: BoundChange;
  /** Absent: the answer is the number of rows. */
  readonly select?: BoundQuery;
  /** Whether the answer is an object rather than a list. */
  readonly one: boolean;
  readonly format: OutputFormat;
  /** Who writes, for the change log. */
  readonly actor: string;
}

export interface PrepareParts extends CheckDeps {
  readonly permitted: (principal: Principal) => PermittedCatalog;
}

/** @throws as Engine.prepareChange does */
export function prepareChange(
  { permitted, ...parts }: PrepareParts,
  { change: requested, select: selected, variable, one = false }: ChangeRequest,
  principal: Principal,
  format: OutputFormat,
): PreparedChange {
  const context = new CheckContext(parts, entity => permittedOf(permitted(principal), entity).readable);
  const check = new ChangeCheck(context, (entity, field) =>
    permittedOf(permitted(principal), entity).writable.has(field.name),
  );
  const change = checkChange(check, requested);
  const select = selected && bindSelect(context, change, selected, variable);
  checkWrites(check.writes, principal);
  checkAccess(context.references, principal);
  if (check.faults.length > 0) throw changeFault(check.faults, new RefusedChange(change));
  return { change, select, one, format, actor: actorText(principal) };
}

/** A caller with write but no read permission can still select constants, such as `__typename`. */
function bindSelect(
  context: CheckContext,
  change: BoundChange,
  select: NonNullable<ChangeRequest['select']>,
  variable: string | undefined,
): BoundQuery {
  const { entity } = change;
  const constants = select.filter(
    (one): one is BoundSelection & { kind: 'constant' } => one.kind === 'constant',
  );
  const query = { entity: entity.name, select, variable, cardinality: 'many', take: rowsOf(change) } as const;
  if (constants.length < select.length) return checkQuery(context, query);
  return {
    source: { entity },
    select: constants,
    orderBy: [],
    take: query.take,
    takeIsDefault: false,
    skip: 0,
    cardinality: 'many',
    count: false,
    need: { row: 0, below: 0, flexible: false, budget: 1 },
  };
}

const rowsOf = (change: BoundChange): number => ('rows' in change ? change.rows.length : 1);

function checkWrites(writes: readonly WriteReference[], principal: Principal): void {
  const sets = new Map<Entity, Set<string>>();
  for (const { entity, field } of writes) {
    const fields = sets.get(entity) ?? new Set();
    sets.set(entity, fields);
    if (field !== undefined) fields.add(field);
  }
  for (const [entity, fields] of sets) changeAccess(principal, entity, fields);
}
