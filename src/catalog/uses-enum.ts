import type { Entity, EnumType } from './catalog.ts';

/** Whether a field of one of the entities has values of an enum. */
export const usesEnum = (entities: readonly Entity[], type: EnumType): boolean =>
  entities.some(entity =>
    [...entity.fields.values()].some(field => field.kind !== 'relation' && field.type.enum === type),
  );
