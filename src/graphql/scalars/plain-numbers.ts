// GraphQL's own Int and Float, which also take numbers that JSON wrote with more digits than JavaScript keeps.

import { GraphQLFloat, GraphQLInt, GraphQLScalarType } from 'graphql';
import { looseNumber } from '../../base/exact-json.ts';

const taking = (scalar: GraphQLScalarType<number, number>) =>
  new GraphQLScalarType<number, number>({
    ...scalar.toConfig(),
    serialize: value => scalar.serialize(looseNumber(value)),
    parseValue: value => scalar.parseValue(looseNumber(value)),
  });

export const Int = taking(GraphQLInt);
export const Float = taking(GraphQLFloat);
