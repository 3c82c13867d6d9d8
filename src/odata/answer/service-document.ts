import type { VisibleModel } from '../model/visible-model.ts';
import type { JsonForm } from '../url/media-type.ts';

/** @returns the list of sets that the caller may read (OData JSON Format 4.0, 5) */
export function serviceDocument(
  model: VisibleModel,
  { prefix }: JsonForm,
  context: string | undefined,
): string {
  const value = [...model.sets.keys()].map(name => ({ name, kind: 'EntitySet', url: name }));
  return JSON.stringify({ [`${prefix}context`]: context, value });
}
