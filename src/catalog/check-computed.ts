// Computed fields and row filters as schema/ declares them: their names, their types, and the columns that they need.

import { didYouMean } from '../base/near-name.ts';
import type { Scalar } from './catalog.ts';
import {
  checkGroup,
  type DeclarationCheck,
  fieldOf,
  isExposedColumn,
  nameShape,
} from './declaration-check.ts';

const shared = ['kind', 'type', 'nullable', 'description', 'restricted', 'needs'];
const members: Readonly<Record<string, readonly string[]>> = {
  sql: [...shared, 'precision', 'scale', 'sql'],
  function: [...shared, 'compute'],
  rowFilter: ['needs', 'sql'],
};

const scalars: readonly Exclude<Scalar, 'Enum' | 'Duration'>[] = [
  ...(['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal'] as const),
  ...(['DateTime', 'Date', 'Time', 'Uuid', 'Json', 'Bytes'] as const),
];

/** What is looked at of a computed field or a row filter, whatever its kind says. */
interface Template {
  readonly kind?: string;
  readonly type?: string;
  readonly restricted?: unknown;
  readonly needs?: readonly string[];
  readonly sql?: (column: (name: string) => string) => string;
  readonly compute?: unknown;
}

/** Refuses what is wrong with the computed fields and the row filter of a declaration. */
export function checkComputed(check: DeclarationCheck): void {
  const { computed, rowFilter } = check.declaration;
  for (const [name, field] of Object.entries(computed ?? {})) checkField(check, name, field as Template);
  if (rowFilter) checkTemplate(check, 'rowFilter', { ...(rowFilter as Template), kind: 'rowFilter' });
}

function checkField(check: DeclarationCheck, name: string, field: Template): void {
  const { model, refuse } = check;
  const place = `computed.${name}`;
  if (!nameShape.test(name)) refuse(place, 'It is not a name of letters and digits.');
  if (fieldOf(model, name)) refuse(place, `The model ${model.name} has a field of that name.`);
  if (!(scalars as readonly string[]).includes(field.type ?? ''))
    refuse(place, `There is no type "${field.type}".`, didYouMean(field.type ?? '', scalars));
  if (field.kind === 'function' && typeof field.compute !== 'function')
    refuse(place, 'It has no function "compute".');
  if (field.restricted !== undefined) checkGroup(check, place, field.restricted);
  checkTemplate(check, place, field);
}

function checkTemplate(check: DeclarationCheck, place: string, template: Template): void {
  const { kind = '', needs, sql } = template;
  const known = members[kind];
  if (!known) {
    check.refuse(place, 'It is made neither by "sql" nor by "value".');
    return;
  }
  for (const member of Object.keys(template)) {
    if (member !== 'kind' && !known.includes(member))
      check.refuse(place, `It has no member "${member}".`, didYouMean(member, known));
  }
  if (!Array.isArray(needs)) check.refuse(place, 'It lacks "needs", the list of columns that it reads.');
  for (const name of needs ?? []) isExposedColumn(check, `${place}.needs`, name);
  if (kind !== 'function') checkSql(check, place, { needs, sql });
}

/** The template is tried once, to see which columns it asks for. */
function checkSql(
  { refuse }: DeclarationCheck,
  place: string,
  { needs = [], sql }: Pick<Template, 'needs' | 'sql'>,
): void {
  if (typeof sql !== 'function') {
    refuse(place, 'It has no function "sql".');
    return;
  }
  const asked = new Set<string>();
  try {
    sql(name => {
      asked.add(name);
      return `"${name}"`;
    });
  } catch (error) {
    refuse(place, `Its "sql" fails: ${(error as Error).message}`);
  }
  for (const name of asked) {
    if (!needs.includes(name))
      refuse(place, `Its SQL reads "${name}", which is not in "needs".`, didYouMean(name, needs));
  }
}
