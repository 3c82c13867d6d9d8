// Random aggregates: of all rows, in groups, of related rows, in conditions and in orders.

import type { Catalog, Entity, RelationField, ValueType } from '../../src/catalog/catalog.ts';
import {
  aggregatedFields,
  aggregateFieldOf,
  aggregatesOf,
  aggregateTypeName,
  datePartsOf,
  groupTypeName,
  hasOrder,
} from '../../src/graphql/model/aggregates.ts';
import { countType } from '../../src/query/check/aggregate-type.ts';

/** What the writer of random operations lends. */
export interface Tools {
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  some<T>(min: number, max: number, make: () => T): T[];
  alias(): string;
  directive(): string;
  argumentsOf(given: readonly string[]): string;
  where(entity: Entity): string;
  operator(type: ValueType): string;
  number(type: string, min: number, max: number): string;
}

interface Key {
  readonly text: string;
  /** How `orderBy` says it, but for the direction. */
  readonly order: (direction: string) => string;
}

export class RandomAggregates {
  readonly #catalog: Catalog;
  readonly #tools: Tools;

  constructor(catalog: Catalog, tools: Tools) {
    this.#catalog = catalog;
    this.#tools = tools;
  }

  /** @param head name and alias of a field, which takes a condition */
  aggregate(head: string, entity: Entity): string {
    const { argumentsOf, where, directive } = this.#tools;
    const selection = this.#selection(entity, aggregateTypeName(entity), 1);
    return `${head}${argumentsOf([where(entity)])}${directive()} ${selection}`;
  }

  groups(head: string, entity: Entity): string {
    const { argumentsOf, where, directive, number, some, chance } = this.#tools;
    const keys = some(1, 3, () => this.#key(entity, 2));
    const order = some(0, 2, () => this.#orderOf(entity, keys)).join(', ');
    const given = [
      chance(40) ? where(entity) : '',
      chance(40) ? `having: ${this.#having(entity, 2)}` : '',
      order && `orderBy: [${order}]`,
      `take: ${number('Int', 0, 5)}`,
      chance(20) ? `skip: ${number('Int', 0, 3)}` : '',
    ];
    const key = `key { ${keys.map(({ text }) => text).join(' ')} }`;
    const rest = this.#selection(entity, groupTypeName(entity), 1).slice(1);
    return `${head}${argumentsOf(given)}${directive()} { ${key} ${rest}`;
  }

  /** @returns a condition on the aggregates of related rows */
  condition(entity: Entity, relation: RelationField, where: string): string {
    const target = this.#target(relation);
    const parts = this.#conditions(target);
    return `${aggregateFieldOf(entity, relation)}: { ${[where && `where: ${where}`, ...parts].join(' ')} }`;
  }

  /** @returns a sort key over related rows, or nothing where the entity has none */
  sortKey(entity: Entity): string | undefined {
    const relations = [...entity.fields.values()].filter(
      (field): field is RelationField => field.kind === 'relation' && field.list,
    );
    if (relations.length === 0) return undefined;
    const relation = this.#tools.pick(relations);
    const target = this.#target(relation);
    const where = this.#tools.chance(30) ? this.#tools.where(target) : '';
    const condition = where.endsWith('null') ? '' : where;
    return `{ ${aggregateFieldOf(entity, relation)}: { ${condition} ${this.#sorted(target)} } }`;
  }

  #selection(entity: Entity, typeName: string, depth: number): string {
    const { some } = this.#tools;
    return `{ ${some(1, 4, () => this.#member(entity, typeName, depth)).join(' ')} }`;
  }

  #member(entity: Entity, typeName: string, depth: number): string {
    const { alias, directive, pick, chance, some } = this.#tools;
    if (chance(10)) return `${alias()}__typename`;
    if (chance(40)) return `${alias()}count${directive()}`;
    if (depth > 0 && chance(15)) {
      return `...${pick([` on ${typeName}`, ''])}${directive()} ${this.#selection(entity, typeName, depth - 1)}`;
    }
    const name = pick(aggregatesOf(entity));
    const fields = aggregatedFields(entity, name).map(({ field }) => field.name);
    const values = some(1, 3, () => `${alias()}${pick([...fields, '__typename'])}${directive()}`);
    return `${alias()}${name}${directive()} { ${values.join(' ')} }`;
  }

  #key(entity: Entity, depth: number): Key {
    const { pick, alias, chance } = this.#tools;
    const fields = [...entity.fields.values()].filter(
      field => hasOrder(field) || (depth > 0 && field.kind === 'relation' && !field.list),
    );
    const field = pick(fields);
    const typename = chance(15) ? ` ${alias()}__typename` : '';
    const within = (inner: Key): Key => ({
      text: `${alias()}${field.name} { ${inner.text}${typename} }`,
      order: direction => `{ ${field.name}: ${inner.order(direction)} }`,
    });
    if (field.kind === 'relation') return within(this.#key(this.#target(field), depth - 1));
    const parts = datePartsOf(field.type);
    if (!parts) {
      return { text: `${alias()}${field.name}`, order: direction => `{ ${field.name}: ${direction} }` };
    }
    const part = pick(parts);
    return within({ text: `${alias()}${part}`, order: direction => `{ ${part}: ${direction} }` });
  }

  #orderOf(entity: Entity, keys: readonly Key[]): string {
    if (this.#tools.chance(50)) return `{ ${this.#sorted(entity)} }`;
    return `{ key: ${this.#tools.pick(keys).order(this.#direction())} }`;
  }

  /** One aggregate with its direction. */
  #sorted(entity: Entity): string {
    const { pick, chance } = this.#tools;
    if (chance(30)) return `count: ${this.#direction()}`;
    const name = pick(aggregatesOf(entity));
    return `${name}: { ${pick(aggregatedFields(entity, name)).field.name}: ${this.#direction()} }`;
  }

  #having(entity: Entity, depth: number): string {
    const { pick, some, chance } = this.#tools;
    if (depth > 0 && chance(25)) {
      const items = some(0, 2, () => this.#having(entity, depth - 1));
      return `{ ${pick(['AND', 'OR', 'NOT'])}: [${items.join(', ')}] }`;
    }
    return `{ ${this.#conditions(entity).join(' ')} }`;
  }

  #conditions(entity: Entity): string[] {
    const { pick, operator, some } = this.#tools;
    const one = () => {
      const name = pick(['count', ...aggregatesOf(entity)] as const);
      if (name === 'count') return `count: { ${operator(countType)} }`;
      const { field, type } = pick(aggregatedFields(entity, name));
      return `${name}: { ${field.name}: { ${operator(type)} } }`;
    };
    return [...new Map(some(0, 2, one).map(text => [text.split(':')[0], text])).values()];
  }

  #direction = (): string => this.#tools.pick(['asc', 'desc', 'asc_nulls_last', 'desc_nulls_first']);

  #target = (relation: RelationField): Entity => this.#catalog.entities.get(relation.target)!;
}
