import type { JsonForm } from './media-type.ts';
import type { VisibleModel } from './visible-model.ts';

/** @returns what sets there are for the caller (OData JSON Format 4.0, 5) */
export function serviceDocument(
  model: VisibleModel,
  { prefix }: JsonForm,
  context: string | undefined,
): string {
  const value = [...model.sets.keys()].map(name => ({ name, kind: 'EntitySet', url: name }));
  return JSON.stringify({ [`${prefix}context`]: context, value });
}
