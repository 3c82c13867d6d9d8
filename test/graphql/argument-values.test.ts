import fc from 'fast-check';
import {
  type ConstValueNode,
  coerceInputValue,
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  getArgumentValues,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parseValue,
  print,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { plainValue } from '../../src/graphql/operation/plain-values.ts';
import { argumentValues, inputValue } from '../../src/graphql/translate/arguments/argument-values.ts';
import { api } from './translated.ts';

const color = new GraphQLEnumType({ name: 'Color', values: { RED: { value: 'r' }, BLUE: { value: 'b' } } });
const withDefault = new GraphQLInputObjectType({
  name: 'WithDefault',
  fields: { a: { type: GraphQLInt, defaultValue: 7 }, b: { type: new GraphQLNonNull(GraphQLString) } },
});
const onlyOne = new GraphQLInputObjectType({
  name: 'OnlyOne',
  isOneOf: true,
  fields: { a: { type: GraphQLInt }, b: { type: GraphQLString } },
});
const tree: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Tree',
  fields: () => ({
    n: { type: GraphQLInt },
    s: { type: GraphQLString },
    color: { type: color },
    ok: { type: GraphQLBoolean },
    and: { type: new GraphQLList(new GraphQLNonNull(tree)) },
    or: { type: new GraphQLList(tree) },
    in: { type: new GraphQLList(new GraphQLNonNull(GraphQLInt)) },
    not: { type: tree },
    filled: { type: withDefault },
    one: { type: onlyOne },
  }),
});

/** Values that fit the type and values that do not, with variables in any place. */
function values(type: GraphQLInputType, depth = 4): fc.Arbitrary<ValueNode> {
  const other = fc.constantFrom('null', '1', '"x"', 'RED', 'true', '[]', '{}', '[1, null]').map(parseNode);
  const variable = fc
    .constantFrom('given', 'nothing', 'missing')
    .map(name => ({ kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } }) as const);
  const fitting = fittingValues(type, depth);
  return fc.oneof(
    { weight: 8, arbitrary: fitting },
    { weight: 1, arbitrary: other },
    { weight: 1, arbitrary: variable },
  );
}

function fittingValues(type: GraphQLInputType, depth: number): fc.Arbitrary<ValueNode> {
  if (isNonNullType(type)) return fittingValues(type.ofType, depth);
  if (depth === 0) return fc.constant(parseNode('null'));
  if (isListType(type)) {
    return fc
      .array(values(type.ofType, depth - 1), { maxLength: 3 })
      .map(items => ({ kind: Kind.LIST, values: items }));
  }
  if (!isInputObjectType(type)) return fc.constantFrom('3', '"text"', 'BLUE', 'false').map(parseNode);
  const fields = Object.values(type.getFields());
  return fc
    .shuffledSubarray(fields, { maxLength: Math.min(3, fields.length) })
    .chain(some =>
      fc.tuple(...some.map(field => values(field.type, depth - 1).map(value => ({ field, value })))),
    )
    .map(given => ({
      kind: Kind.OBJECT,
      fields: given.map(({ field, value }) => ({
        kind: Kind.OBJECT_FIELD,
        name: { kind: Kind.NAME, value: field.name },
        value,
      })),
    }));
}

const parseNode = (text: string): ConstValueNode => parseValue(text) as ConstValueNode;
const variables = { given: 5, nothing: null };

/** With the order of the fields, which decides on that of conditions. */
const shown = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));

/** What a caller sends that means a literal, and some of what means none. */
function plainOf(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.LIST:
      return node.values.map(plainOf);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, plainOf(value)]));
    case Kind.NULL:
      return null;
    case Kind.INT:
      return Number(node.value);
    case Kind.VARIABLE:
      return { unknown: 1 };
    default:
      return node.value;
  }
}

describe('values of variables', () => {
  test('are those that graphql-js gives, or left to it', () => {
    let plain = 0;
    fc.assert(
      fc.property(values(tree), node => {
        const sent = plainOf(node);
        const faults: unknown[] = [];
        const expected = coerceInputValue(sent, tree, path => faults.push(path));
        const found = plainValue(sent, tree);
        if (found === undefined) return;
        plain += 1;
        expect(faults, JSON.stringify(sent)).toEqual([]);
        expect(shown(found)).toBe(shown(expected));
      }),
      { numRuns: 3_000 },
    );
    expect(plain).toBeGreaterThan(500);
  });
});

describe('values of arguments', () => {
  test('are those that graphql-js gives', () => {
    fc.assert(
      fc.property(values(tree), node => {
        expect(shown(inputValue(node, tree, variables)), print(node)).toBe(
          shown(valueFromAST(node, tree, variables)),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test('fail as there', () => {
    const products = api.schema.getQueryType()!.getFields().products!;
    const cases = [
      '{}',
      '{ take: 5, where: { name: { equals: "x" }, id: { gt: 1 } } }',
      '{ where: { AND: { id: { in: 4 } } }, orderBy: { name: asc } }',
      '{ where: $missing, take: $nothing }',
      '{ where: { id: { equals: $missing } }, take: $given }',
      '{ orderBy: [$missing] }',
      '{ orderBy: [null] }',
      '{ unknown: 1 }',
    ];
    for (const text of cases) {
      const object = parseValue(text) as Extract<ValueNode, { kind: Kind.OBJECT }>;
      const given = object.fields.map(({ name, value }) => ({ kind: Kind.ARGUMENT, name, value }) as const);
      const node = {
        kind: Kind.FIELD,
        name: { kind: Kind.NAME, value: 'products' },
        arguments: given,
      } as const;
      const outcome = (work: () => unknown) => {
        try {
          return shown(work());
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(
        outcome(() => argumentValues(products, node, variables)),
        text,
      ).toBe(outcome(() => getArgumentValues(products, node, variables)));
    }
  });
});
