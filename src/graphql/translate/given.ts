// An argument's value beside the place where it was written, so that whatever is wrong with it can be pointed at.

import { type FieldNode, GraphQLError, type GraphQLField, Kind, type ValueNode } from 'graphql';
import { fault } from '../../base/errors.ts';
import { argumentValues } from './argument-values.ts';

export interface Given {
  /** As graphql-js coerced it: variables and defaults are filled in. */
  readonly value: unknown;
  /** What was written. A variable stands for all that is inside its value. */
  readonly node?: ValueNode;
  /** Whether the value is but a part of what was written. */
  readonly inside?: boolean;
}

/** @returns the variable that stands for the whole value, if one does */
export const variableOf = ({ node, inside }: Given): string | undefined =>
  !inside && node?.kind === Kind.VARIABLE ? node.name.value : undefined;

/** @returns an offset into the document */
export const positionOf = (given: Given): number | undefined => given.node?.loc?.start;

/** @returns the arguments of a field that were given and are not null */
export function givenArguments(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  if (!node.arguments?.length) return given;
  const values = valuesOf(definition, node, variables);
  for (const argument of node.arguments) {
    const value = values[argument.name.value];
    if (value !== undefined && value !== null)
      given.set(argument.name.value, { value, node: argument.value });
  }
  return given;
}

/** After validation, only a variable that is missing or null where it must not be can still be wrong. */
function valuesOf(...given: Parameters<typeof argumentValues>): ReturnType<typeof argumentValues> {
  try {
    return argumentValues(...given);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const hint = 'A variable in it is missing, or null where it must not be.';
    throw fault('INVALID_VALUE', error.message, { hint, at: error.positions?.[0] ?? given[1].loc?.start });
  }
}

/** @returns the entries of an input object */
export function entriesOf({ value, node }: Given): (readonly [name: string, given: Given])[] {
  const written = node?.kind === Kind.OBJECT ? node.fields : undefined;
  return Object.entries(value as object).map(([name, item]) => {
    const field = written?.find(other => other.name.value === name);
    return [name, { value: item, node: field?.value ?? node, inside: field === undefined }];
  });
}

/** @returns the items of a list. A single value counts as a list of one, as in all of GraphQL. */
export function itemsOf({ value, node }: Given): Given[] {
  const written = node?.kind === Kind.LIST ? node.values : undefined;
  return (value as readonly unknown[]).map((item, index) => ({
    value: item,
    node: written?.[index] ?? node,
    inside: written?.[index] === undefined,
  }));
}
