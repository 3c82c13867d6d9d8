// Reads that differ only in the values they compare with are prepared once: later ones reuse the plans with their own
// values.

import type { LiteralValue } from '../query/ask/expression.ts';
import type { PreparedRead } from '../query/plan/prepared-read.ts';
import { rebind, slotNames } from '../query/plan/rebind.ts';
import type { Prepared, PreparedData } from './prepare-request.ts';
import type { LiftedUrl } from './url/lift-values.ts';

/** A prepared request, and the names of the values in its plans, in the order of the URL. */
export interface RequestTemplate {
  readonly prepared: PreparedData;
  readonly slots: readonly string[];
}

/** @returns undefined when a value affects more than a parameter of the plans */
export function toTemplate(prepared: Prepared, { values }: LiftedUrl): RequestTemplate | undefined {
  if (prepared.kind !== 'data' || !isPlain(prepared)) return undefined;
  const slots = values.map(({ at }) => String(at));
  const own = new Set(slots);
  const read = withSlots(prepared.read, own);
  const parent = prepared.parent && withSlots(prepared.parent, own);
  const placed = new Set([...slotNames(read), ...(parent ? slotNames(parent) : [])]);
  if (placed.size !== slots.length) return undefined;
  const template = { prepared: { ...prepared, read, parent }, slots };
  return isFaithful(template, values) ? template : undefined;
}

/** @returns undefined when a value needs a different plan, or is invalid */
export function withValues(
  { prepared, slots }: RequestTemplate,
  values: LiftedUrl['values'],
): PreparedData | undefined {
  const valueAt = (name: string): LiteralValue | undefined => values[slots.indexOf(name)]?.value;
  const read = rebind(prepared.read, valueAt);
  const parent = prepared.parent && rebind(prepared.parent, valueAt);
  if (!read || (prepared.parent && !parent)) return undefined;
  return { ...prepared, read, parent };
}

/** Excludes answers that repeat values outside their rows: context URLs of properties, delta links, pages of groups. */
const isPlain = ({ resource, tracking, nextPage }: PreparedData): boolean =>
  resource.of === 'entities' && !resource.asReferences && tracking === undefined && nextPage === undefined;

/** Values that were not lifted stay as they are: they are the same in all URLs of the shape. */
function withSlots(read: PreparedRead, names: ReadonlySet<string>): PreparedRead {
  const slots = read.plan.slots?.filter(({ name }) => names.has(name));
  return { ...read, plan: { ...read.plan, slots } };
}

/** Rebinding the original values must reproduce the plans, so no value was converted while preparing. */
function isFaithful(template: RequestTemplate, values: LiftedUrl['values']): boolean {
  const again = withValues(template, values);
  const { read, parent } = template.prepared;
  return again !== undefined && isSame(read, again.read) && isSame(parent, again.parent);
}

const isSame = (one?: PreparedRead, other?: PreparedRead): boolean =>
  (one?.plan.values ?? []).every((value, index) => Object.is(value, other?.plan.values[index]));
