// Exact numbers: strings in responses, strings or numbers in requests, text inside.

import { GraphQLError, GraphQLScalarType, Kind, print } from 'graphql';
import { numberText } from '../../base/exact-json.ts';

interface ExactScalarOptions {
  readonly name: string;
  readonly description: string;
  /** @returns whether a text is such a number */
  readonly accepts: (text: string) => boolean;
  /** For the message: `19.99 or "19.99"`. */
  readonly example: string;
}

export function exactScalar({ name, description, accepts, example }: ExactScalarOptions) {
  const refusal = (shown: string) => `${name} cannot represent ${shown}: write ${example}.`;
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: value => numberText(value) ?? String(value),
    parseValue(value) {
      const text = typeof value === 'string' ? value.trim() : numberText(value);
      if (text === undefined || !accepts(text)) throw new GraphQLError(refusal(JSON.stringify(value)));
      return text;
    },
    parseLiteral(node) {
      const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING;
      const text = isNumber ? node.value.trim() : '';
      if (!accepts(text)) throw new GraphQLError(refusal(print(node)), { nodes: node });
      return text;
    },
  });
}
