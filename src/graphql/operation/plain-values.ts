// Coerces valid variables. As in argument-values.ts, only supplied values are visited.

import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { plainFields } from '../translate/arguments/argument-values.ts';

type Values = Readonly<Record<string, unknown>>;

/** @returns what `getVariableValues` gives; undefined if anything is invalid or has a default */
export function plainValues(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  inputs: Values,
): Values | undefined {
  const values: Record<string, unknown> = Object.create(null);
  for (const { variable, type: written, defaultValue } of definitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, written as never);
    if (!isInputType(type)) return undefined;
    if (!Object.hasOwn(inputs, name)) {
      if (defaultValue || isNonNullType(type)) return undefined;
      continue;
    }
    const value = plainValue(inputs[name], type);
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return values;
}

/** @returns undefined for invalid values */
export function plainValue(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return value === null ? undefined : plainValue(value, type.ofType);
  if (value === null || value === undefined) return value;
  if (isListType(type)) return listOf(value, type.ofType);
  if (isInputObjectType(type)) return objectOf(value, plainFields(type), type.getFields());
  try {
    return type.parseValue(value);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown, type: GraphQLInputType): unknown {
  if (!Array.isArray(value)) {
    const item = typeof value === 'object' ? undefined : plainValue(value, type);
    return item === undefined ? undefined : [item];
  }
  const items = value.map(item => plainValue(item, type));
  return items.includes(undefined) ? undefined : items;
}

function objectOf(
  value: unknown,
  order: ReadonlyMap<string, number> | undefined,
  fields: Readonly<Record<string, { readonly type: GraphQLInputType }>>,
): unknown {
  if (!order || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const names = Object.keys(value);
  if (!names.every(name => order.has(name))) return undefined;
  if (names.length > 1) names.sort((a, b) => order.get(a)! - order.get(b)!);
  const values: Record<string, unknown> = Object.create(null);
  for (const name of names) {
    const part = plainValue((value as Values)[name], fields[name]!.type);
    if (part === undefined) return undefined;
    values[name] = part;
  }
  return values;
}
