// `metadata=full`: the answer contains everything that a client could otherwise derive from $metadata (OData JSON Format 4.0,
// 3.1.3 and 4.5). What it needs is selected in addition to what the client requested, under names that no field has.

import { parseVerbatimJson } from '../../base/exact-json.ts';
import type { Catalog, Entity, Field } from '../../catalog/catalog.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import { edmType, qualified } from '../model/edm-types.ts';
import { entityUrl } from '../model/entity-url.ts';
import type { VisibleEntity } from '../model/visible-model.ts';
import type { NestedOptions } from '../parse/selection-items.ts';
import type { JsonForm } from '../url/media-type.ts';

const entityName = '~entity';
const linksName = '~links';
const keyName = (index: number): string => `~key${index}`;

/** @returns what to select for the annotations of an entity; empty unless the client requests full metadata */
export function annotationSelections(
  { metadata }: Pick<JsonForm, 'metadata'>,
  { entity, relations }: VisibleEntity,
  { select, expand = [] }: NestedOptions,
): Selection[] {
  if (metadata !== 'full') return [];
  const selected = new Set([...(select ?? []), ...expand].map(({ path }) => path[0]));
  const isAll = select === undefined || selected.has('*');
  const links = [...relations.keys()].filter(name => isAll || selected.has(name));
  return [
    { kind: 'constant', as: entityName, value: entity.name },
    { kind: 'constant', as: linksName, value: links.join(' ') },
    ...entity.key.map((field, index): Selection => ({ kind: 'field', field, as: keyName(index) })),
  ];
}

/**
 * @param form the text is returned unchanged unless its metadata is full
 * @param root the service root, without a trailing slash
 * @param text JSON of a row, a list of rows, or null, including what `annotationSelections` selected
 * @returns the text with annotations
 */
export const annotateJson = (catalog: Catalog, form: JsonForm, root: string, text: string): string =>
  form.metadata === 'full' ? JSON.stringify(annotate(catalog, form, root, parseVerbatimJson(text))) : text;

/** Like `annotateJson`, for parsed JSON. */
export const annotate = (catalog: Catalog, form: JsonForm, root: string, value: unknown): unknown =>
  form.metadata === 'full' ? new Annotator(catalog, form, root).value(value) : value;

/** @returns the type's name in payloads, undefined when JSON itself implies it */
export function typeName(field: Field, { prefix }: Pick<JsonForm, 'prefix'>): string | undefined {
  if (!('type' in field) || (!field.type.list && evident.has(field.type.scalar))) return undefined;
  const mark = prefix === '@' && !field.type.enum ? '' : '#';
  return mark + edmType(field.type).replace('Edm.', '');
}

/** OData JSON Format 4.0, 4.5.3. */
const evident: ReadonlySet<string> = new Set(['String', 'Boolean', 'Int', 'Float']);

type Row = Readonly<Record<string, unknown>>;

class Annotator {
  readonly #catalog: Catalog;
  readonly #form: JsonForm;
  readonly #root: string;

  constructor(catalog: Catalog, form: JsonForm, root: string) {
    this.#catalog = catalog;
    this.#form = form;
    this.#root = root;
  }

  value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.value(item));
    return value === null ? null : this.#row(value as Row);
  }

  #row(row: Row): object {
    const entity = this.#catalog.entities.get(String(row[entityName]));
    if (!entity) return row;
    const members = Object.entries(row).filter(([name]) => !name.startsWith('~'));
    const isAnnotation = ([name]: readonly [string, unknown]) => name.startsWith('@');
    return {
      ...this.#head(entity, row),
      ...Object.fromEntries(members.filter(isAnnotation)),
      ...this.#links(entity, row),
      ...this.#members(
        entity,
        members.filter(member => !isAnnotation(member)),
      ),
    };
  }

  #head(entity: Entity, row: Row): object {
    const { prefix } = this.#form;
    const url = this.#urlOf(entity, row);
    return {
      [`${prefix}type`]: `#${qualified(entity.name)}`,
      [`${prefix}id`]: url,
      [`${prefix}editLink`]: url,
    };
  }

  #links(entity: Entity, row: Row): object {
    const { prefix } = this.#form;
    const url = this.#urlOf(entity, row);
    const names = String(row[linksName]).split(' ').filter(Boolean);
    return Object.fromEntries(
      names.flatMap(name => [
        [`${name}${prefix}associationLink`, `${url}/${name}/$ref`],
        [`${name}${prefix}navigationLink`, `${url}/${name}`],
      ]),
    );
  }

  #members(entity: Entity, members: readonly (readonly [string, unknown])[]): object {
    const { prefix } = this.#form;
    const shown: Record<string, unknown> = {};
    for (const [name, value] of members) {
      const field = entity.fields.get(name);
      const type = field && value !== null ? typeName(field, this.#form) : undefined;
      if (type !== undefined) shown[`${name}${prefix}type`] = type;
      shown[name] = field?.kind === 'relation' ? this.value(value) : value;
    }
    return shown;
  }

  #urlOf(entity: Entity, row: Row): string {
    const key = entity.key.map((_, index) => JSON.stringify(row[keyName(index)]));
    return `${this.#root}/${entityUrl(entity, key)}`;
  }
}
