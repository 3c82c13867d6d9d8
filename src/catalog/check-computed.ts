// Checks the computed fields and row filters that schema/ declares: names, types, and the columns that they need.

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
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Date',
  'Time',
  'Uuid',
  'Json',
  'Bytes',
];

/** The members of a computed field or a row filter, of either kind. */
interface Template {
  readonly kind?: string;
  readonly type?: string;
  readonly restricted?: unknown;
  readonly needs?: readonly string[];
  readonly sql?: (column: (name: string) => string) => string;
  readonly compute?: unknown;
}

/** Reports what is wrong with the computed fields and the row filter of a declaration. */
export function checkComputed(check: DeclarationCheck): void {
  const { computed, rowFilter } = check.declaration;
  for (const [name, field] of Object.entries(computed ?? {})) checkField(check, name, field as Template);
  if (rowFilter) checkTemplate(check, 'rowFilter', { ...(rowFilter as Template), kind: 'rowFilter' });
}

function checkField(check: DeclarationCheck, name: string, field: Template): void {
  const { model, refuse } = check;
  const place = `computed.${name}`;
  if (!nameShape.test(name))
    refuse(place, 'The name must have only letters, digits and underscores, and begin with a letter.');
  if (fieldOf(model, name)) refuse(place, `The model ${model.name} already has a field with this name.`);
  if (!(scalars as readonly string[]).includes(field.type ?? ''))
    refuse(place, `There is no type "${field.type}".`, didYouMean(field.type ?? '', scalars));
  if (field.kind === 'function' && typeof field.compute !== 'function')
    refuse(place, 'The function "compute" is missing.');
  if (field.restricted !== undefined) checkGroup(check, place, field.restricted);
  checkTemplate(check, place, field);
}

function checkTemplate(check: DeclarationCheck, place: string, template: Template): void {
  const { kind = '', needs, sql } = template;
  const known = members[kind];
  if (!known) {
    check.refuse(place, 'It must be created with "sql" or "value".');
    return;
  }
  for (const member of Object.keys(template)) {
    if (member !== 'kind' && !known.includes(member))
      check.refuse(place, `There is no member "${member}".`, didYouMean(member, known));
  }
  if (!Array.isArray(needs)) check.refuse(place, '"needs", the list of columns that it reads, is missing.');
  for (const name of needs ?? []) isExposedColumn(check, `${place}.needs`, name);
  if (kind !== 'function') checkSql(check, place, { needs, sql });
}

/** Calls the template once, to see which columns it uses. */
function checkSql(
  { refuse }: DeclarationCheck,
  place: string,
  { needs = [], sql }: Pick<Template, 'needs' | 'sql'>,
): void {
  if (typeof sql !== 'function') {
    refuse(place, 'The function "sql" is missing.');
    return;
  }
  const used = new Set<string>();
  try {
    sql(name => {
      used.add(name);
      return `"${name}"`;
    });
  } catch (error) {
    refuse(place, `Its "sql" fails: ${(error as Error).message}`);
  }
  for (const name of used) {
    if (!needs.includes(name))
      refuse(place, `Its SQL reads "${name}", which is not in "needs".`, didYouMean(name, needs));
  }
}
