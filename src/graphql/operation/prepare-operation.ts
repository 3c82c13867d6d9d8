// An operation -> its root fields, each either a prepared read or something for graphql-js.

import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Principal } from '../../auth/principal.ts';
import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { Engine, NumberFormat, PreparedRead } from '../../query/engine.ts';
import { operationOf, partsOf } from '../document/document-parts.ts';
import { inputNames } from '../document/explain-error.ts';
import type { Root } from '../roots.ts';
import { collectFields } from '../translate/collect-fields.ts';
import { rootToQuery } from '../translate/root-to-query.ts';
import { type Model, Translation } from '../translate/translation.ts';

export interface OperationRequest {
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  /** As the caller sent them. */
  readonly variables?: Readonly<Record<string, unknown>> | null;
  /** Values of the literals that were lifted out of the document. */
  readonly literals?: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly format: NumberFormat;
}

export interface PreparedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  /** In the order of the answer. */
  readonly roots: readonly PreparedRoot[];
}

export type PreparedRoot =
  | {
      readonly kind: 'read';
      readonly key: string;
      readonly root: Root;
      readonly read: PreparedRead;
      readonly node: FieldNode;
    }
  | { readonly kind: 'typename'; readonly key: string; readonly value: string }
  | { readonly kind: 'other'; readonly key: string; readonly node: FieldNode };

/**
 * Variables coerced, reads translated, checked, permitted and planned.
 * @param known gives the schema cut to what the caller may know of, for hints
 * @throws Fault with an offset into the document; AggregateError of GraphQLErrors for variables of the wrong type
 */
export function prepareOperation(
  engine: Engine,
  model: Model,
  request: OperationRequest,
  known: () => GraphQLSchema,
): PreparedOperation {
  const operation = operationOf(request.document, request.operationName);
  const variables = coerceVariables(model.schema, operation, request.variables ?? {}, known);
  const given = request.literals ? { ...variables, ...request.literals } : variables;
  const translation = new Translation(model, partsOf(request.document).fragments, given);
  const fields = collectFields(translation, [operation.selectionSet]);
  const roots = [...fields].map(([key, nodes]) => prepareRoot(engine, translation, request, key, nodes));
  return { kind: operation.operation, roots };
}

function prepareRoot(
  engine: Engine,
  translation: Translation,
  { principal, format }: OperationRequest,
  key: string,
  nodes: readonly FieldNode[],
): PreparedRoot {
  const node = nodes[0]!;
  if (node.name.value === '__typename') return { kind: 'typename', key, value: 'Query' };
  const root = translation.model.roots.get(node.name.value);
  if (!root) {
    checkScope(translation.model, principal, node);
    return { kind: 'other', key, node };
  }
  const read = engine.prepare(rootToQuery(translation, root, nodes), principal, format);
  return { kind: 'read', key, root, read, node };
}

function checkScope({ scopes }: Model, principal: Principal, node: FieldNode): void {
  const name = node.name.value;
  const scope = scopes.get(name);
  if (!scope || principal.scopes.has(scope)) return;
  throw fault('SCOPE_MISSING', `Reading ${name} needs the scope "${scope}".`, {
    target: scope,
    at: node.loc?.start,
  });
}

const variableErrorsMax = 20;

function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
  known: () => GraphQLSchema,
): Readonly<Record<string, unknown>> {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return {};
  const options = { maxErrors: variableErrorsMax, hideSuggestions: true };
  const { coerced, errors } = getVariableValues(schema, definitions, inputs, options);
  if (coerced) return coerced;
  throw new AggregateError(errors.map(error => explainVariable(error, known)));
}

/** graphql-js tells of a wrong field in a variable's value in words alone. */
const unknownField = /Field "(\w+)" is not defined by type "(\w+)"/;

function explainVariable(error: GraphQLError, known: () => GraphQLSchema): GraphQLError {
  const [, field, type] = unknownField.exec(error.message) ?? [];
  const hint = field === undefined ? undefined : didYouMean(field, inputNames(known(), type));
  const code = field === undefined ? 'INVALID_VALUE' : 'UNKNOWN_FIELD';
  return new GraphQLError(error.message, { nodes: error.nodes, extensions: { code, ...(hint && { hint }) } });
}
