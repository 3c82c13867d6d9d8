import type { Prisma } from '../prisma/generated/client/client.ts';
import { entitiesOf } from '../src/catalog/declare.ts';

/** Declares an entity over a model of prisma/schema.prisma. */
export const entity = entitiesOf<Prisma.TypeMap>();
