// Relations: which columns join the tables at their two ends.

import type { Link } from './catalog.ts';
import type { Datamodel, DatamodelField, DatamodelModel } from './datamodel.ts';

/** @returns the field at the other end of a relation */
export function oppositeField(
  datamodel: Datamodel,
  model: DatamodelModel,
  field: DatamodelField,
): DatamodelField | undefined {
  const target = datamodel.models.find(other => other.name === field.type);
  return target?.fields.find(
    other => other.relationName === field.relationName && (target !== model || other.name !== field.name),
  );
}

/** @returns how rows of a model are joined to the rows of one of its relation fields */
export function linkOf(datamodel: Datamodel, model: DatamodelModel, field: DatamodelField): Link {
  const target = datamodel.models.find(other => other.name === field.type)!;
  const opposite = oppositeField(datamodel, model, field)!;
  const columns = (owner: DatamodelModel, names: readonly string[]) =>
    names.map(name => columnName(owner, name));
  if (field.relationFromFields?.length) {
    return {
      kind: 'columns',
      local: columns(model, field.relationFromFields),
      foreign: columns(target, field.relationToFields!),
      owner: true,
    };
  }
  if (opposite.relationFromFields?.length) {
    return {
      kind: 'columns',
      local: columns(model, opposite.relationToFields!),
      foreign: columns(target, opposite.relationFromFields),
      owner: false,
    };
  }
  return joinTable(model, target, field, opposite);
}

/** Prisma's implicit join table: `_RelationName`, column A for the model (or, within one model, the field) first in the alphabet. */
function joinTable(
  model: DatamodelModel,
  target: DatamodelModel,
  field: DatamodelField,
  opposite: DatamodelField,
): Link {
  const nearIsA = model === target ? field.name < opposite.name : model.name < target.name;
  return {
    kind: 'table',
    table: `_${field.relationName}`,
    near: nearIsA ? 'A' : 'B',
    far: nearIsA ? 'B' : 'A',
    local: columnName(model, keyFields(model)[0]!),
    foreign: columnName(target, keyFields(target)[0]!),
  };
}

/** @returns the names of the fields of a model's primary key */
export const keyFields = (model: DatamodelModel): readonly string[] =>
  model.primaryKey?.fields ?? model.fields.filter(field => field.isId).map(field => field.name);

const columnName = (model: DatamodelModel, fieldName: string): string => {
  const field = model.fields.find(other => other.name === fieldName)!;
  return field.dbName ?? field.name;
};
