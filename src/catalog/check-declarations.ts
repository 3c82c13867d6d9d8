// Checks the declarations in schema/ against the Prisma data model. An unknown name must never be ignored: a misspelt
// restriction would expose the field that it should protect.

import { didYouMean } from '../base/near-name.ts';
import { checkComputed } from './check-computed.ts';
import type { Datamodel, DatamodelField, DatamodelModel } from './datamodel.ts';
import {
  checkGroup,
  type DeclarationCheck,
  fieldOf,
  isExposedColumn,
  nameShape,
  nearField,
  noField,
} from './declaration-check.ts';
import type { EntityDeclaration } from './declare.ts';
import { keyFields } from './link.ts';
import { columnType, storedType } from './value-type.ts';

const members: readonly (keyof EntityDeclaration)[] = [
  'model',
  'set',
  'single',
  'naturalKey',
  'search',
  'restricted',
  'hidden',
  'computed',
  'rowFilter',
];

/** @returns everything that is wrong with the declarations, as sentences; empty if they are valid */
export function declarationFaults(
  datamodel: Datamodel,
  declarations: readonly EntityDeclaration[],
): string[] {
  const faults: string[] = [];
  for (const declaration of declarations) {
    const refuse: DeclarationCheck['refuse'] = (place, message, hint) =>
      faults.push([`${declaration.model}.${place}: ${message}`, hint].filter(Boolean).join(' '));
    const model = datamodel.models.find(other => other.name === declaration.model);
    if (model) checkDeclaration({ declaration, model, refuse });
    else
      refuse(
        'model',
        'The Prisma schema has no model with this name.',
        nearModel(datamodel, declaration.model),
      );
  }
  return [...faults, ...repeatedNames(declarations)];
}

const nearModel = ({ models }: Datamodel, name: string): string | undefined =>
  didYouMean(
    name,
    models.map(model => model.name),
  );

function checkDeclaration(check: DeclarationCheck): void {
  const { declaration, refuse } = check;
  for (const member of Object.keys(declaration)) {
    if (!(members as readonly string[]).includes(member))
      refuse(member, 'A declaration has no member with this name.', didYouMean(member, members));
  }
  checkNames(check);
  checkHidden(check);
  checkNaturalKey(check);
  checkSearch(check);
  checkRestricted(check);
  checkComputed(check);
}

function checkNames({ declaration: { set, single }, refuse }: DeclarationCheck): void {
  const shape = 'The name must have only letters, digits and underscores, and begin with a letter.';
  if (typeof set !== 'string' || !nameShape.test(set)) refuse('set', shape);
  if (single !== undefined && !nameShape.test(single)) refuse('single', shape);
}

function checkHidden({ declaration, model, refuse }: DeclarationCheck): void {
  for (const name of declaration.hidden ?? []) {
    if (!fieldOf(model, name)) refuse('hidden', noField(model, name), nearField(model, name));
    else if (keyFields(model).includes(name))
      refuse('hidden', `"${name}" belongs to the primary key, which cannot be hidden.`);
  }
}

function checkNaturalKey(check: DeclarationCheck): void {
  const { declaration, refuse } = check;
  const { naturalKey } = declaration;
  if (naturalKey === undefined) return;
  if (naturalKey.length === 0) refuse('naturalKey', 'It must name at least one field.');
  else if (naturalKey.every(name => isExposedColumn(check, 'naturalKey', name)))
    refuseUnlessUnique(check, naturalKey);
}

function refuseUnlessUnique({ model, refuse }: DeclarationCheck, naturalKey: readonly string[]): void {
  const key = [...new Set<string>(naturalKey)].sort().join();
  const uniques = uniquesOf(model).map(names => names.toSorted());
  if (uniques.some(names => names.join() === key)) return;
  const alternatives = uniques.map(names => names.join(' and ')).join(', or ');
  refuse(
    'naturalKey',
    `${naturalKey.join(' and ')} is not unique in the Prisma schema.`,
    `Add @unique or @@unique([${naturalKey.join(', ')}])${alternatives ? `, or use a unique key: ${alternatives}` : ''}.`,
  );
}

/** @returns the fields of each unique key */
function uniquesOf(model: DatamodelModel): readonly (readonly string[])[] {
  const single = model.fields.filter(field => field.isUnique).map(field => [field.name]);
  return [keyFields(model), ...single, ...model.uniqueFields].filter(names => names.length > 0);
}

function checkSearch(check: DeclarationCheck): void {
  for (const name of check.declaration.search ?? []) {
    if (!isExposedColumn(check, 'search', name)) continue;
    if (!isText(fieldOf(check.model, name)!))
      check.refuse('search', `"${name}" is not a text column. Only text columns can be searched.`);
  }
}

const isText = (field: DatamodelField): boolean =>
  field.kind === 'scalar' &&
  !field.isList &&
  storedType(field) === undefined &&
  columnType(field, new Map()).scalar === 'String';

function checkRestricted({ declaration, model, refuse }: DeclarationCheck): void {
  for (const [name, group] of Object.entries(declaration.restricted ?? {})) {
    const place = `restricted.${name}`;
    if (Object.hasOwn(declaration.computed ?? {}, name))
      refuse(place, 'The field is computed.', 'Set "restricted" in the computed field instead.');
    else if (!fieldOf(model, name)) refuse(place, noField(model, name), nearField(model, name));
    checkGroup({ declaration, refuse }, place, group);
  }
}

/** Set and single names become names of queries, so each must be unique. */
function repeatedNames(declarations: readonly EntityDeclaration[]): string[] {
  const owners = new Map<string, string>();
  const faults: string[] = [];
  const claim = (name: string, model: string, what: string) => {
    const owner = owners.get(name);
    if (owner !== undefined) faults.push(`${model}.${what}: "${name}" is already used by ${owner}.`);
    owners.set(name, model);
  };
  const models = new Set<string>();
  for (const { model, set, single } of declarations) {
    if (models.has(model)) faults.push(`${model}: The model is declared twice.`);
    models.add(model);
    claim(set, model, 'set');
    claim(single ?? singleOf(model), model, 'single');
  }
  return faults;
}

/** @returns the default name of a single record: the model's name with a lower-case first letter */
export const singleOf = (model: string): string => model.charAt(0).toLowerCase() + model.slice(1);
