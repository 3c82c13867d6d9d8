// What Prisma's schema says about the values of new rows: those that its client makes, and so this server has to make, and
// those that the database counts up.

import type { ColumnField, MadeValue } from './catalog.ts';
import type { DatamodelField } from './datamodel.ts';

const makers: ReadonlySet<unknown> = new Set<MadeValue['by']>(['uuid', 'cuid', 'nanoid', 'ulid']);

/** @returns how values of a column come about that are not given, where it is not the database's plain default */
export function columnDefault({ default: value }: DatamodelField): Pick<ColumnField, 'made' | 'counted'> {
  const { name, args = [] } = (value ?? {}) as { name?: string; args?: readonly unknown[] };
  if (name === 'autoincrement' || name === 'sequence') return { counted: true };
  if (!makers.has(name)) return {};
  const [option] = args;
  return { made: { by: name as MadeValue['by'], ...(typeof option === 'number' && { option }) } };
}
