// Random operations of reads: aliases, fragments, merged fields, directives, variables, nulls, any text.

import type { Catalog, Entity, Field, ValueField, ValueType } from '../../src/catalog/catalog.ts';
import type { Params } from '../../src/graphql/http/params.ts';
import { aggregateFieldOf } from '../../src/graphql/model/aggregates.ts';
import { connectionFieldOf } from '../../src/graphql/model/connections.ts';
import { filterFunctions } from '../../src/graphql/model/filter-functions.ts';
import { countFieldOf, rootsOf, waysToOne } from '../../src/graphql/model/roots.ts';
import { valueFields } from '../../src/graphql/model/values.ts';
import { RandomAggregates } from './random-aggregate.ts';

/** @returns the text of an operation that is valid, with its variables */
export const randomOperation = (catalog: Catalog, seed: number): Params =>
  new Writer(catalog, randomFrom(seed)).operation();

type Random = () => number;

/** Mulberry32: the same numbers, from 0 to below 1, for the same seed. */
function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const between = (random: Random, min: number, max: number): number =>
  min + Math.floor(random() * (max - min + 1));
const pageInfo = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename'];
const pick = <T>(random: Random, items: readonly T[]): T => items[between(random, 0, items.length - 1)]!;

/** The kinds of roots that are written here. */
const written: ReadonlySet<string> = new Set(['list', 'one', 'count', 'connection', 'aggregate', 'groupBy']);

class Writer {
  readonly #catalog: Catalog;
  readonly #random: Random;
  readonly #fragments: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #declared: string[] = [];
  readonly #aggregates: RandomAggregates;
  #names = 0;

  constructor(catalog: Catalog, random: Random) {
    this.#catalog = catalog;
    this.#random = random;
    this.#aggregates = new RandomAggregates(catalog, {
      chance: percent => this.#chance(percent),
      pick: items => this.#pick(items),
      some: (min, max, make) => this.#some(min, max, make),
      alias: () => this.#alias(),
      directive: () => this.#directive(),
      argumentsOf: given => this.#arguments(given),
      where: entity => this.#where(entity),
      operator: type => this.#operator(type),
      number: (type, min, max) => this.#number(type, min, max),
    });
  }

  operation(): Params {
    const roots = this.#some(1, 3, () => this.#root(true));
    if (this.#chance(30)) roots.unshift(this.#root(false));
    const body = [`{ ${roots.join(' ')} }`, ...this.#fragments].join('\n');
    const used = new Set(body.match(/\$v\d+/g));
    const declared = this.#declared.filter(definition => used.has(definition.split(':')[0]!));
    const variables = Object.fromEntries(
      Object.entries(this.#variables).filter(([name]) => used.has(`$${name}`)),
    );
    return { query: `query${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`, variables };
  }

  #root(aliased: boolean): string {
    if (this.#chance(10)) return `${this.#alias()}__typename${this.#directive()}`;
    const [name, { kind, entity }] = this.#pick(
      [...rootsOf(this.#catalog)].filter(([, root]) => written.has(root.kind)),
    );
    const field = `${aliased ? this.#alias(true) : ''}${name}`;
    if (kind === 'count')
      return `${field}${this.#arguments([this.#where(entity), this.#search(entity)])}${this.#directive()}`;
    if (kind === 'aggregate') return this.#aggregates.aggregate(field, entity);
    if (kind === 'groupBy') return this.#aggregates.groups(field, entity);
    if (kind === 'connection') return this.#connection(field, entity, 2);
    if (kind === 'one')
      return `${field}${this.#arguments(this.#way(entity))}${this.#directive()} ${this.#selection(entity, 2)}`;
    return this.#merged(() => `${field}${this.#list(entity)}${this.#directive()}`, entity, 2);
  }

  /** One way to tell which one, or none of them known. */
  #way(entity: Entity): string[] {
    const way = this.#pick([...waysToOne(entity)]);
    return way.map(name => `${name}: ${this.#value((entity.fields.get(name) as ValueField).type)}`);
  }

  /** Now and then a field is written twice, so that what is inside has to be merged. */
  #merged(head: () => string, entity: Entity, depth: number): string {
    const written = head();
    const once = () => `${written} ${this.#selection(entity, depth)}`;
    return this.#chance(15) ? `${once()} ${once()}` : once();
  }

  #selection(entity: Entity, depth: number): string {
    const fields = [...entity.fields.values()].filter(field => field.kind !== 'relation' || depth > 0);
    const parts = this.#some(1, 5, () => this.#part(entity, fields, depth));
    return `{ ${parts.join(this.#pick([' ', ', ', '\n']))} }`;
  }

  #part(entity: Entity, fields: readonly Field[], depth: number): string {
    if (this.#chance(8)) return `${this.#alias()}__typename`;
    if (this.#chance(8))
      return `...${this.#pick([` on ${entity.name}`, ''])}${this.#directive()} ${this.#selection(entity, depth - 1)}`;
    if (this.#chance(8)) return `...${this.#fragment(entity, depth)}${this.#directive()}`;
    const field = this.#pick(fields);
    if (field.kind !== 'relation') return `${this.#alias()}${field.name}${this.#directive()}`;
    const target = this.#catalog.entities.get(field.target)!;
    if (!field.list)
      return this.#merged(() => `${this.#alias(true)}${field.name}${this.#directive()}`, target, depth - 1);
    const aggregate = aggregateFieldOf(entity, field);
    if (aggregate && this.#chance(20))
      return this.#aggregates.aggregate(`${this.#alias(true)}${aggregate}`, target);
    const connection = connectionFieldOf(entity, field);
    if (connection && this.#chance(25))
      return this.#connection(`${this.#alias(true)}${connection}`, target, depth - 1);
    const count = countFieldOf(entity, field);
    if (count && this.#chance(30))
      return `${this.#alias(true)}${count}${this.#arguments([this.#where(target), this.#search(target)])}`;
    return this.#merged(
      () => `${this.#alias(true)}${field.name}${this.#list(target)}${this.#directive()}`,
      target,
      depth - 1,
    );
  }

  #connection(name: string, entity: Entity, depth: number): string {
    const end = this.#pick(['first', 'last']);
    const rows = this.#chance(90) ? `${end}: ${this.#number('Int', 0, 4)}` : '';
    const where = this.#chance(40) ? this.#where(entity) : '';
    const head = `${name}${this.#arguments([rows, where, this.#search(entity), this.#orderBy(entity)])}${this.#directive()}`;
    const once = () => `${head} { ${this.#some(1, 4, () => this.#member(entity, depth)).join(' ')} }`;
    return this.#chance(15) ? `${once()} ${once()}` : once();
  }

  /** What is asked of a connection, inside a fragment now and then. */
  #member(entity: Entity, depth: number): string {
    const name = this.#chance(25) ? `a${++this.#names}: ` : '';
    const node = () => `${this.#alias()}node${this.#directive()} ${this.#selection(entity, depth)}`;
    const cursor = () => `${this.#alias()}cursor${this.#directive()}`;
    const member = this.#pick([
      () => `${name}__typename`,
      () => `${name}totalCount${this.#directive()}`,
      () => `${name}totalCountEstimate`,
      () => `${name}nodes${this.#directive()} ${this.#selection(entity, depth)}`,
      () => `${name}edges { ${this.#some(1, 3, () => this.#pick([node, cursor])()).join(' ')} __typename }`,
      () =>
        `${name}pageInfo { ${this.#some(1, 4, () => `${this.#alias()}${this.#pick(pageInfo)}`).join(' ')} }`,
    ])();
    return this.#chance(15) ? `... on ${entity.name}Connection${this.#directive()} { ${member} }` : member;
  }

  #fragment(entity: Entity, depth: number): string {
    const name = `F${++this.#names}`;
    this.#fragments.push(`fragment ${name} on ${entity.name} ${this.#selection(entity, depth - 1)}`);
    return name;
  }

  #list(entity: Entity): string {
    const take = `take: ${this.#number('Int', 0, 4)}`;
    const skip = this.#chance(30) ? `skip: ${this.#number('Int', 0, 3)}` : '';
    const where = this.#chance(40) ? this.#where(entity) : '';
    return this.#arguments([take, skip, where, this.#search(entity), this.#orderBy(entity)]);
  }

  #arguments(given: readonly string[]): string {
    const written = given.filter(argument => argument !== '');
    return written.length > 0 ? `(${written.join(', ')})` : '';
  }

  #orderBy(entity: Entity): string {
    if (!this.#chance(40)) return '';
    const columns = [...entity.fields.values()].filter(
      field => field.kind === 'column' && !field.type.list && !unsorted.has(field.type.scalar),
    );
    const keys = this.#some(
      1,
      2,
      () =>
        (this.#chance(15) && this.#aggregates.sortKey(entity)) ||
        `{ ${this.#pick(columns).name}: ${this.#pick(['asc', 'desc', 'asc_nulls_last', 'desc_nulls_first'])} }`,
    );
    return `orderBy: [${keys.join(', ')}]`;
  }

  #search({ search }: Entity): string {
    if (search.length === 0 || !this.#chance(15)) return '';
    const words = this.#some(0, 3, () => this.#pick(searchWords)).join(' ');
    return `search: ${this.#chance(25) ? this.#variable('String', words) : toLiteral(words)}`;
  }

  #where(entity: Entity): string {
    return this.#chance(20) ? 'where: null' : `where: ${this.#condition(entity, 2)}`;
  }

  #condition(entity: Entity, depth: number): string {
    const fields = [...entity.fields.values()].filter(field => field.kind !== 'function');
    const one = () => {
      if (depth > 0 && this.#chance(20)) {
        return `${this.#pick(['AND', 'OR', 'NOT'])}: [${this.#some(0, 2, () => this.#condition(entity, depth - 1)).join(', ')}]`;
      }
      if (this.#chance(10))
        return `compare: { of: ${this.#computed(entity)}, ${this.#pick(['gt', 'equals', 'not'])}: ${this.#computed(entity)} }`;
      const field = this.#pick(fields);
      if (field.kind !== 'relation') return `${field.name}: { ${this.#operator(field.type)} }`;
      if (depth === 0) return '';
      const inner = this.#condition(this.#catalog.entities.get(field.target)!, depth - 1);
      if (field.list && this.#chance(30)) {
        return this.#aggregates.condition(entity, field, this.#chance(40) ? inner : '');
      }
      if (field.list) return `${field.name}: { ${this.#pick(['some', 'every', 'none'])}: ${inner} }`;
      return `${field.name}: ${this.#pick([inner, `{ is: ${inner} }`, `{ isNot: ${inner} }`, '{ is: null }', '{ isNot: null }'])}`;
    };
    const byName = new Map(this.#some(0, 2, one).map(text => [text.split(':')[0], text]));
    return `{ ${[...byName.values()].filter(Boolean).join(', ')} }`;
  }

  /** A number, whatever the entity has. */
  #computed(entity: Entity, depth = 2): string {
    const inner = () => this.#computed(entity, depth - 1);
    const fields = valueFields(entity);
    const forms = [
      ...fields.filter(({ type }) => numbers.has(type.scalar)).map(({ name }) => `{ field: ${name} }`),
      ...fields
        .filter(({ type }) => type.scalar === 'String')
        .map(({ name }) => `{ length: { field: ${name} } }`),
      `{ number: ${this.#value({ scalar: 'Decimal', list: false, sqlType: 'numeric' })} }`,
    ];
    if (depth === 0 || this.#chance(50)) return this.#pick(forms);
    if (this.#chance(30)) return `{ ${this.#pick(['negate', 'round', 'floor', 'ceiling'])}: ${inner()} }`;
    return `{ ${this.#pick(['add', 'sub', 'mul'])}: [${inner()}, ${inner()}] }`;
  }

  #operator(type: ValueType): string {
    if (type.list) {
      const value = () => this.#value({ ...type, list: false }, true);
      return this.#pick([
        `has: ${value()}`,
        `hasSome: [${value()}, ${value()}]`,
        'isEmpty: true',
        'equals: []',
        `hasEvery: [${value()}]`,
      ]);
    }
    const general = [
      'equals: null',
      'isNull: false',
      `equals: ${this.#value(type)}`,
      `not: ${this.#value(type)}`,
      'not: null',
    ];
    if (type.scalar === 'Json') return this.#pick(general);
    const functions = filterFunctions(type);
    if (functions.length > 0 && this.#chance(15)) {
      const { name, gives } = this.#pick(functions);
      return `${name}: { ${this.#operator(gives(type))} }`;
    }
    general.push(
      `in: [${this.#some(0, 3, () => this.#value(type)).join(', ')}]`,
      `NOT: { notIn: [${this.#value(type)}] }`,
    );
    if (type.scalar === 'Boolean' || type.scalar === 'Bytes') return this.#pick(general);
    general.push(`${this.#pick(['lt', 'lte', 'gt', 'gte'])}: ${this.#value(type)}`);
    if (type.scalar !== 'String') return this.#pick(general);
    const text = `${this.#pick(['contains', 'startsWith', 'endsWith'])}: ${this.#value(type)}`;
    return this.#pick([...general, text, `${text}, mode: insensitive`]);
  }

  /** A literal, or a variable of that value. */
  #value(type: ValueType, storable = false): string {
    const given = randomValue(this.#random, type);
    const value = storable && given === '\0' ? 'x' : given;
    if (!this.#chance(25)) return type.enum ? String(value) : toLiteral(value);
    return this.#variable(type.enum?.name ?? type.scalar, value);
  }

  #number(type: string, min: number, max: number): string {
    const value = between(this.#random, min, max);
    return this.#chance(25) ? this.#variable(type, value) : String(value);
  }

  #variable(type: string, value: unknown): string {
    const name = `v${++this.#names}`;
    this.#variables[name] = value;
    this.#declared.push(`$${name}: ${type}!`);
    return `$${name}`;
  }

  #directive(): string {
    if (!this.#chance(12)) return '';
    const condition = this.#chance(50)
      ? this.#variable('Boolean', this.#chance(50))
      : String(this.#chance(50));
    return ` ${this.#pick(['@include', '@skip'])}(if: ${condition})`;
  }

  /** Fields that take arguments need a name of their own each. */
  #alias(always = false): string {
    return always || this.#chance(25) ? `a${++this.#names}: ` : '';
  }

  #chance(percent: number): boolean {
    return this.#random() * 100 < percent;
  }

  #pick<T>(items: readonly T[]): T {
    return pick(this.#random, items);
  }

  #some<T>(min: number, max: number, make: () => T): T[] {
    return Array.from({ length: between(this.#random, min, max) }, make);
  }
}

const searchWords = ['oak', 'a*', '-table', 'or', '"solid oak"', 'Café', "'", '\\', '\0', '😀', '-', '"'];
const numbers = new Set(['Int', 'BigInt', 'Decimal', 'Float']);
const unsorted = new Set(['Json', 'Bytes']);

/** @returns a value of a type, now of the kind that a demo shop has, now of a kind that it has not */
function randomValue(random: Random, type: ValueType): unknown {
  switch (type.scalar) {
    case 'Int':
      return random() < 0.7 ? between(random, 0, 50) : between(random, -(2 ** 31), 2 ** 31 - 1);
    case 'Float':
      return random() < 0.5 ? between(random, 0, 5) : (random() - 0.5) * 10 ** between(random, -300, 300);
    case 'Boolean':
      return random() < 0.5;
    case 'Decimal':
      return pick(random, [
        '9.90',
        '100',
        '0',
        '-1e3',
        '12345678901234567890.123',
        String(between(random, 0, 500)),
      ]);
    case 'BigInt':
      return pick(random, [
        '0',
        '-9223372036854775808',
        '9223372036854775807',
        String(between(random, 0, 500)),
      ]);
    case 'DateTime':
      return pick(random, ['2025-01-01T00:00:00Z', '2024-06-30T23:59:59.999+02:00', '2026-02-28T12:00:00Z']);
    case 'Date':
      return pick(random, ['2020-02-29', '2025-01-01', '2026-12-31']);
    case 'Time':
      return pick(random, ['08:00:00', '07:30', '23:59:59']);
    case 'Uuid':
      return pick(random, ['00000000-0000-4000-8000-000000000000', '3F2A0D5C-7C1E-4B4E-9A55-0A6C1A7B1F10']);
    case 'Bytes':
      return pick(random, ['', '3q2+7w==', 'JVBERi0=']);
    case 'Json':
      return pick(random, [{ color: 'red' }, [], 1, 'x', true, { a: [1, { b: null }] }]);
    case 'Enum':
      return pick(random, type.enum!.values).name;
    default:
      return pick(random, [
        'e',
        'a',
        'Desk',
        '%',
        '_',
        '\\',
        '"',
        'Ü',
        'ß',
        '😀',
        '\0',
        '\u2028',
        '',
        randomText(random),
      ]);
  }
}

function randomText(random: Random): string {
  const points = Array.from({ length: between(random, 1, 4) }, () => between(random, 1, 0x10ffff));
  return String.fromCodePoint(...points).toWellFormed();
}

function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, item]) => `${name}: ${toLiteral(item)}`)
    .join(', ')} }`;
}
