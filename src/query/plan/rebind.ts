// Puts other values into a finished plan: everything else in the query is checked, permitted and planned already.

import type { Parameter } from '../../base/database/database.ts';
import type { LiteralValue } from '../ask/expression.ts';
import { bindLiteral } from '../check/literal.ts';
import type { PlacedSlot } from '../sql/statement.ts';
import type { PreparedRead } from './prepared-read.ts';

/** @returns the names of the values that can be replaced, one for each occurrence */
export const slotNames = ({ plan }: PreparedRead): string[] => (plan.slots ?? []).map(({ name }) => name);

/**
 * @param valueAt returns a value by the name of its slot
 * @returns the read with these values; undefined if one of them needs another statement, or is invalid
 */
export function rebind(read: PreparedRead, valueAt: (name: string) => unknown): PreparedRead | undefined {
  const { slots = [] } = read.plan;
  if (slots.length === 0) return read;
  const parameters = [...read.plan.values];
  for (const slot of slots) {
    const parameter = parameterOf(slot, valueAt(slot.name) as LiteralValue);
    if (parameter === undefined) return undefined;
    parameters[slot.index] = parameter;
  }
  return { ...read, plan: { ...read.plan, values: parameters } };
}

function parameterOf({ literal, type, cast }: PlacedSlot, value: LiteralValue): Parameter | undefined {
  if (typeof value !== typeof literal.value) return undefined;
  try {
    const bound = bindLiteral({ ...literal, value }, type);
    return bound.kind === 'value' && bound.cast === cast ? bound.value : undefined;
  } catch {
    return undefined;
  }
}
