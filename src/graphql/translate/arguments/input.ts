// The value of an argument with its position in the document, for error locations.

import { type FieldNode, GraphQLError, type GraphQLField, Kind, type ValueNode } from 'graphql';
import { fault } from '../../../base/errors.ts';
import { argumentValues } from './argument-values.ts';

export interface Input {
  /** As graphql-js coerced it: variables and defaults are filled in. */
  readonly value: unknown;
  /** The node in the document. For all parts of a variable's value, it is the variable. */
  readonly node?: ValueNode;
  /** The place in the values of the variables, if it comes from one: `where.stock.gt`. */
  readonly place?: string;
}

/** @returns an offset into the document */
export const positionOf = (input: Input): number | undefined => input.node?.loc?.start;

/** @returns the supplied arguments of a field that are not null */
export function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Input> {
  const args = new Map<string, Input>();
  if (!node.arguments?.length) return args;
  const values = valuesOf(definition, node, variables);
  for (const argument of node.arguments) {
    const value = values[argument.name.value];
    if (value !== undefined && value !== null)
      args.set(argument.name.value, { value, node: argument.value, place: placeOf(argument.value) });
  }
  return args;
}

/** After validation, the only possible error is a required variable that is missing or null. */
function valuesOf(...args: Parameters<typeof argumentValues>): ReturnType<typeof argumentValues> {
  try {
    return argumentValues(...args);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const hint = 'A required variable in it is missing or null.';
    throw fault('INVALID_VALUE', error.message, { hint, at: error.positions?.[0] ?? args[1].loc?.start });
  }
}

const placeOf = (node: ValueNode): string | undefined =>
  node.kind === Kind.VARIABLE ? node.name.value : undefined;

/** @returns the entries of an input object */
export function entriesOf({ value, node, place }: Input): (readonly [name: string, input: Input])[] {
  const written = node?.kind === Kind.OBJECT ? node.fields : undefined;
  return Object.entries(value as object).map(([name, item]) => {
    const field = written?.find(other => other.name.value === name);
    return [name, part(item, field?.value, node, place, name)];
  });
}

/** @returns the items of a list. A single value counts as a list of one, as in all of GraphQL. */
export function itemsOf({ value, node, place }: Input): Input[] {
  const written = node?.kind === Kind.LIST ? node.values : undefined;
  return (value as readonly unknown[]).map((item, index) => part(item, written?.[index], node, place, index));
}

/** @param written the node of the part, unless it is inside a variable's value @param whole the node that contains it */
function part(
  value: unknown,
  written: ValueNode | undefined,
  whole: ValueNode | undefined,
  place: string | undefined,
  name: string | number,
): Input {
  if (written) return { value, node: written, place: placeOf(written) };
  return { value, node: whole, place: place === undefined ? undefined : `${place}.${name}` };
}
