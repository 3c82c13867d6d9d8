// Scalars that are strings of a certain format.

import { GraphQLError, GraphQLScalarType, Kind, print } from 'graphql';

interface TextScalarOptions {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** @returns whether a text has the format */
  readonly accepts: (text: string) => boolean;
  /** For the message: `2026-01-31`. */
  readonly example: string;
  /** How values that are no text yet are written. */
  readonly write?: (value: unknown) => string;
}

export function textScalar({
  name,
  description,
  specifiedByURL,
  accepts,
  example,
  write = String,
}: TextScalarOptions) {
  const refusal = (shown: string) =>
    `${name} cannot represent ${shown}: write a string such as "${example}".`;
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: value => (typeof value === 'string' ? value : write(value)),
    parseValue(value) {
      if (typeof value !== 'string' || !accepts(value))
        throw new GraphQLError(refusal(JSON.stringify(value)));
      return value;
    },
    parseLiteral(node) {
      if (node.kind === Kind.STRING && accepts(node.value)) return node.value;
      throw new GraphQLError(refusal(print(node)), { nodes: node });
    },
  });
}
