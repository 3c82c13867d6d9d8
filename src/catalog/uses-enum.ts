import type { Entity, EnumType } from './catalog.ts';

/** Whether any field of the entities is of an enum type. */
export const usesEnum = (entities: readonly Entity[], type: EnumType): boolean =>
  entities.some(entity =>
    [...entity.fields.values()].some(field => field.kind !== 'relation' && field.type.enum === type),
  );
