// Selection strings declare no variables: each gets the type of the place where it is used.

import {
  type DocumentNode,
  type GraphQLInputType,
  GraphQLNonNull,
  type GraphQLSchema,
  isInputObjectType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parseType,
  TypeInfo,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** @returns the document with its only operation declaring all variables that it and its fragments use */
export function declareVariables(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = variableTypes(document, schema);
  if (types.size === 0) return document;
  const variableDefinitions = [...types].map(([name, type]) => toDefinition(name, type));
  const definitions = document.definitions.map(definition =>
    definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, variableDefinitions } : definition,
  );
  return { ...document, definitions };
}

/** Whether the variables of a document must be inferred: it has one operation, which declares none. */
export const leavesVariablesOpen = ({ definitions }: DocumentNode): boolean => {
  const operations = definitions.filter(definition => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.length === 1 && !(operations[0] as OperationDefinitionNode).variableDefinitions?.length;
};

/** A place of unknown type is left to validation, which reports the error. */
function variableTypes(document: DocumentNode, schema: GraphQLSchema): Map<string, GraphQLInputType> {
  const types = new Map<string, GraphQLInputType>();
  const info = new TypeInfo(schema);
  const noteType = (name: string) => {
    const type = info.getInputType();
    if (type) types.set(name, stricter(types.get(name), required(info, type)));
  };
  visit(document, visitWithTypeInfo(info, { Variable: node => noteType(node.name.value) }));
  return types;
}

/** A field of a oneOf input must not be null, although its type is nullable. */
function required(info: TypeInfo, type: GraphQLInputType): GraphQLInputType {
  const parent = info.getParentInputType();
  const isOneOf = isInputObjectType(parent) && parent.isOneOf;
  return isOneOf && !isNonNullType(type) ? new GraphQLNonNull(type) : type;
}

/** A variable that is used in several places gets the strictest type. */
const stricter = (known: GraphQLInputType | undefined, type: GraphQLInputType): GraphQLInputType =>
  known && isNonNullType(known) ? known : type;

const toDefinition = (name: string, type: GraphQLInputType): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } },
  type: parseType(String(type)),
});
