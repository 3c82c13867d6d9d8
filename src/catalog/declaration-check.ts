// Shared by the checks of a declaration.

import { didYouMean } from '../base/near-name.ts';
import type { DatamodelField, DatamodelModel } from './datamodel.ts';
import type { EntityDeclaration } from './declare.ts';

/** One declaration, its model, and a callback that reports faults. */
export interface DeclarationCheck {
  readonly declaration: EntityDeclaration;
  readonly model: DatamodelModel;
  /** @param place path of the member in the declaration: `restricted.cost` */
  readonly refuse: (place: string, message: string, hint?: string) => void;
}

export const nameShape = /^[A-Za-z][A-Za-z0-9_]*$/;

/** A group's name must start with its set, otherwise a scope of one set could grant access to fields of another. */
export function checkGroup(
  { declaration: { set }, refuse }: Pick<DeclarationCheck, 'declaration' | 'refuse'>,
  place: string,
  group: unknown,
): void {
  const [ofSet, name, ...more] = typeof group === 'string' ? group.split('.') : [];
  if (ofSet === set && name !== undefined && nameShape.test(name) && more.length === 0) return;
  const near = typeof name === 'string' && nameShape.test(name) ? `${set}.${name}` : `${set}.secret`;
  refuse(place, `${JSON.stringify(group)} is not a valid group of ${set}.`, `Use a name such as "${near}".`);
}

/** Reports a name that is not an exposed column of the model. @returns whether it is one */
export function isExposedColumn(
  { declaration, model, refuse }: DeclarationCheck,
  place: string,
  name: string,
): boolean {
  const field = fieldOf(model, name);
  if (!field) refuse(place, noField(model, name), nearField(model, name));
  else if (field.kind !== 'scalar' && field.kind !== 'enum') refuse(place, `"${name}" is not a column.`);
  else if ((declaration.hidden as readonly string[] | undefined)?.includes(name))
    refuse(place, `"${name}" is hidden.`);
  else return true;
  return false;
}

export const fieldOf = (model: DatamodelModel, name: string): DatamodelField | undefined =>
  model.fields.find(field => field.name === name);

export const noField = (model: DatamodelModel, name: string): string =>
  `The model ${model.name} has no field "${name}".`;

export const nearField = (model: DatamodelModel, name: string): string | undefined =>
  didYouMean(
    name,
    model.fields.map(field => field.name),
  );
