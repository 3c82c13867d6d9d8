// The values of a field's arguments, as graphql-js coerces them. It visits every field of an input
// type, although a condition supplies only one or two; this visits only the supplied ones.

import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getArgumentValues,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type ObjectValueNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/** @throws GraphQLError for required variables that are missing or null */
export function argumentValues(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Values,
): Values {
  return givenValues(definition, node, variables) ?? getArgumentValues(definition, node, variables);
}

/** @returns undefined if anything is missing, invalid or has a default */
function givenValues(
  { args }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Values,
): Values | undefined {
  const input = node.arguments ?? [];
  const values: Record<string, unknown> = Object.create(null);
  let found = 0;
  for (const { name, type, defaultValue } of args) {
    const argument = input.find(one => one.name.value === name);
    if (!argument) {
      if (defaultValue !== undefined || isNonNullType(type)) return undefined;
      continue;
    }
    found += 1;
    const value = inputValue(argument.value, type, variables);
    if (value === undefined) return undefined;
    values[name] = value;
  }
  return found === input.length ? values : undefined;
}

/** @returns undefined for what has no value, as `valueFromAST` does */
export function inputValue(node: ValueNode, type: GraphQLInputType, variables: Values): unknown {
  if (node.kind === Kind.VARIABLE) return valueFromAST(node, type, variables);
  if (isNonNullType(type)) {
    return node.kind === Kind.NULL ? undefined : inputValue(node, type.ofType, variables);
  }
  if (node.kind === Kind.OBJECT && isInputObjectType(type)) return objectValue(node, type, variables);
  if (node.kind === Kind.LIST && isListType(type)) {
    const items = node.values.map(item => inputValue(item, type.ofType, variables));
    return items.includes(undefined) ? valueFromAST(node, type, variables) : items;
  }
  if (isListType(type) && node.kind !== Kind.NULL) {
    const item = inputValue(node, type.ofType, variables);
    return item === undefined ? undefined : [item];
  }
  return valueFromAST(node, type, variables);
}

function objectValue(node: ObjectValueNode, type: GraphQLInputObjectType, variables: Values): unknown {
  const order = plainFields(type);
  if (!order) return valueFromAST(node, type, variables);
  const fields = type.getFields();
  const values: Record<string, unknown> = Object.create(null);
  for (const { name, value: written } of inOrder(node, order)) {
    const value = inputValue(written, fields[name.value]!.type, variables);
    if (value === undefined) return valueFromAST(node, type, variables);
    values[name.value] = value;
  }
  return values;
}

/** In the field order of the type, like graphql-js, regardless of the order in the document. */
function inOrder({ fields }: ObjectValueNode, order: ReadonlyMap<string, number>) {
  if (fields.length < 2) return fields;
  return [...fields].sort((a, b) => order.get(a.name.value)! - order.get(b.name.value)!);
}

const known = new WeakMap<GraphQLInputObjectType, ReadonlyMap<string, number> | 'other'>();

/** @returns the places of a type's fields; undefined if some have defaults or are required, or if it is a oneOf type */
export function plainFields(type: GraphQLInputObjectType): ReadonlyMap<string, number> | undefined {
  let found = known.get(type);
  if (!found) {
    const fields = Object.values(type.getFields());
    const isPlain =
      !type.isOneOf && fields.every(field => field.defaultValue === undefined && !isNonNullType(field.type));
    found = isPlain ? new Map(fields.map(({ name }, index) => [name, index])) : 'other';
    known.set(type, found);
  }
  return found === 'other' ? undefined : found;
}
