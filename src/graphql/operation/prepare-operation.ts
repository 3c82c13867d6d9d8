// Prepares an operation: each root field becomes a prepared read, or is left to graphql-js.

import type { FieldNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { tooCostly } from '../../query/check/cost/cost.ts';
import type { Engine } from '../../query/engine.ts';
import { operationOf, partsOf } from '../document/document-parts.ts';
import { isIndependent } from '../schema/directives.ts';
import { collectFields } from '../translate/arguments/collect-fields.ts';
import { type Model, Translation } from '../translate/arguments/translation.ts';
import { rootToQuery } from '../translate/root-to-query.ts';
import { coerceVariables } from './coerce-variables.ts';
import type { OperationTemplates } from './operation-templates.ts';
import { prepareWrites } from './prepare-writes.ts';
import type { OperationRequest, PreparedOperation, PreparedRoot } from './prepared-operation.ts';

/**
 * Variables coerced, reads translated, checked, permitted and planned.
 * @param known returns the schema that the caller may see, for hints
 * @param templates of operations that were prepared before
 * @throws Fault with an offset into the document; AggregateError of GraphQLErrors for variables of the wrong type
 */
export function prepareOperation(
  engine: Engine,
  model: Model,
  request: OperationRequest,
  { known, templates }: { readonly known: () => GraphQLSchema; readonly templates?: OperationTemplates },
): PreparedOperation {
  const operation = operationOf(request.document, request.operationName);
  if (operation.operation === 'mutation')
    return prepareMutation(engine, model, request, { operation, known });
  const variables = coerceVariables(model.schema, operation, request.variables ?? {}, known);
  const values = request.literals ? { ...variables, ...request.literals } : variables;
  const kept = templates?.find(request, values);
  if (kept) return kept;
  const translation = new Translation(model, partsOf(request.document).fragments, values);
  const fields = collectFields(translation, [operation.selectionSet]);
  const roots = [...fields].map(([key, nodes]) => prepareRoot(engine, translation, request, { key, nodes }));
  refuseCostly(engine, roots);
  const prepared = { kind: operation.operation, roots };
  templates?.learn(request, values, prepared);
  return prepared;
}

function prepareMutation(
  engine: Engine,
  model: Model,
  request: OperationRequest,
  { operation, known }: { readonly operation: OperationDefinitionNode; readonly known: () => GraphQLSchema },
): PreparedOperation {
  const other = (key: string, node: FieldNode) => prepareOther(model, request.principal, key, node);
  const roots = prepareWrites(engine, model, request, { operation, known, other });
  return { kind: operation.operation, roots, independent: isIndependent(operation) };
}

function prepareRoot(
  engine: Engine,
  translation: Translation,
  { principal, format }: OperationRequest,
  { key, nodes }: { readonly key: string; readonly nodes: readonly FieldNode[] },
): PreparedRoot {
  const node = nodes[0]!;
  if (node.name.value === '__typename') return { kind: 'typename', key, value: 'Query' };
  const root = translation.model.roots.get(node.name.value);
  if (!root) return prepareOther(translation.model, principal, key, node);
  const read = engine.prepare(rootToQuery(translation, root, nodes), principal, format);
  return { kind: 'read', key, root, read, node };
}

/** Each read is already within the limit; this checks their sum. */
function refuseCostly({ limits }: Engine, roots: readonly PreparedRoot[]): void {
  let cost = 0;
  for (const root of roots) {
    if (root.kind !== 'read') continue;
    cost += root.read.cost;
    if (cost > limits.costMax) throw tooCostly({ cost }, limits, root.node.loc?.start);
  }
}

function prepareOther(model: Model, principal: Principal, key: string, node: FieldNode): PreparedRoot {
  checkScope(model, principal, node);
  return { kind: 'other', key, node };
}

function checkScope({ scopes }: Model, principal: Principal, node: FieldNode): void {
  const name = node.name.value;
  const scope = scopes.get(name);
  if (!scope || principal.scopes.has(scope)) return;
  throw fault('SCOPE_MISSING', `"${name}" needs the scope "${scope}".`, {
    target: scope,
    at: node.loc?.start,
  });
}
