import type { VisibleModel } from '../model/visible-model.ts';
import type { JsonForm } from '../url/media-type.ts';

/** @returns what sets there are for the caller (OData JSON Format 4.0, 5) */
export function serviceDocument(
  model: VisibleModel,
  { prefix }: JsonForm,
  context: string | undefined,
): string {
  const value = [...model.sets.keys()].map(name => ({ name, kind: 'EntitySet', url: name }));
  return JSON.stringify({ [`${prefix}context`]: context, value });
}
