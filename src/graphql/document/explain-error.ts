// Adds error codes to validation errors, and hints that name only what the caller may see.

import {
  type ASTNode,
  type GraphQLArgument,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  Kind,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { ErrorCode } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';

/** @param known returns the schema that the caller may see; called only when there is an error */
export const explaining =
  (rule: ValidationRule, known: () => GraphQLSchema): ValidationRule =>
  context => {
    const reportError = (error: GraphQLError) =>
      context.reportError(explain(error, rule.name, context, known()));
    return rule(Object.create(context, { reportError: { value: reportError } }) as ValidationContext);
  };

function explain(
  error: GraphQLError,
  rule: string,
  context: ValidationContext,
  known: GraphQLSchema,
): GraphQLError {
  const node = error.nodes?.[0];
  const hint = node && hintFor(node, context, known);
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    extensions: { code: codeFor(rule, node, context), ...(hint && { hint }) },
  });
}

function codeFor(rule: string, node: ASTNode | undefined, context: ValidationContext): ErrorCode {
  switch (rule) {
    case 'FieldsOnCorrectTypeRule':
      return context.getParentType() === context.getSchema().getQueryType()
        ? 'UNKNOWN_ENTITY'
        : 'UNKNOWN_FIELD';
    case 'KnownArgumentNamesRule':
      return 'UNKNOWN_ARGUMENT';
    case 'ValuesOfCorrectTypeRule':
      return node?.kind === Kind.OBJECT_FIELD ? 'UNKNOWN_FIELD' : 'INVALID_VALUE';
    default:
      return 'INVALID_OPERATION';
  }
}

function hintFor(node: ASTNode, context: ValidationContext, known: GraphQLSchema): string | undefined {
  switch (node.kind) {
    case Kind.FIELD:
      return near(node.name.value, fieldNames(known, context.getParentType()?.name));
    case Kind.ARGUMENT:
      return near(node.name.value, argumentNames(known, context));
    case Kind.OBJECT_FIELD:
      return near(node.name.value, inputNames(known, getNamedType(context.getParentInputType())?.name));
    case Kind.ENUM:
      return near(node.value, inputNames(known, getNamedType(context.getInputType())?.name));
    case Kind.NAMED_TYPE:
      return near(node.name.value, Object.keys(known.getTypeMap()));
    case Kind.OBJECT:
      return oneOfHint(getNamedType(context.getInputType()));
    case Kind.NAME:
      return near(node.value, fragmentNames(context));
    default:
      return undefined;
  }
}

function oneOfHint(type: GraphQLNamedType | undefined): string | undefined {
  if (!isInputObjectType(type) || !type.isOneOf) return undefined;
  return type.name.endsWith('OrderBy')
    ? 'Write several sort keys as a list of objects: [{ … }, { … }].'
    : 'Provide exactly one of its fields.';
}

/** If the name itself exists, the error is about something else. */
const near = (name: string, names: readonly string[]): string | undefined =>
  names.includes(name) ? undefined : didYouMean(name, names);

function fieldNames(known: GraphQLSchema, type: string | undefined): string[] {
  const found = type === undefined ? undefined : known.getType(type);
  return isObjectType(found) ? Object.keys(found.getFields()) : [];
}

function argumentNames(known: GraphQLSchema, context: ValidationContext): string[] {
  const type = known.getType(context.getParentType()?.name ?? '');
  const field = isObjectType(type) ? type.getFields()[context.getFieldDef()?.name ?? ''] : undefined;
  return (field?.args ?? []).map((argument: GraphQLArgument) => argument.name);
}

/** @returns the fields of an input object, or the values of an enum */
export function inputNames(known: GraphQLSchema, type: string | undefined): string[] {
  const found = type === undefined ? undefined : known.getType(type);
  if (isEnumType(found)) return found.getValues().map(value => value.name);
  return isInputObjectType(found) ? Object.keys(found.getFields()) : [];
}

const fragmentNames = (context: ValidationContext): string[] => {
  const { definitions } = context.getDocument();
  return definitions.flatMap(each => (each.kind === Kind.FRAGMENT_DEFINITION ? [each.name.value] : []));
};
