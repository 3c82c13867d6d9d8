// Defaults in the Prisma schema that are not plain database defaults: values that the Prisma client generates, so this server has
// to, and auto-incremented values.

import type { ColumnField, MadeValue } from './catalog.ts';
import type { DatamodelField } from './datamodel.ts';

const generators: ReadonlySet<unknown> = new Set<MadeValue['by']>(['uuid', 'cuid', 'nanoid', 'ulid']);

/** @returns how a column's default is generated, unless it is a plain database default */
export function columnDefault({ default: value }: DatamodelField): Pick<ColumnField, 'made' | 'counted'> {
  const { name, args = [] } = (value ?? {}) as { name?: string; args?: readonly unknown[] };
  if (name === 'autoincrement' || name === 'sequence') return { counted: true };
  if (!generators.has(name)) return {};
  const [option] = args;
  return { made: { by: name as MadeValue['by'], ...(typeof option === 'number' && { option }) } };
}
