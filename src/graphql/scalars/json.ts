// Any JSON value, with exact numbers.

import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from 'graphql';
import { exactNumber } from '../../base/exact-json.ts';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'Json',
  description: 'Any JSON value: object, list, string, number, true, false or null.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: value => value,
  parseValue: value => value,
  parseLiteral: toJson,
});

function toJson(node: ValueNode, variables?: Variables): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return String(Number(node.value)) === node.value ? Number(node.value) : exactNumber(node.value);
    case Kind.LIST:
      return node.values.map(item => toJson(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(field => [field.name.value, toJson(field.value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value] ?? null;
    default:
      throw new GraphQLError(`Json cannot represent ${print(node)}: put it in quotes.`, { nodes: node });
  }
}
