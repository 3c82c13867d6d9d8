// A document with one list -> its EntityQuery, for callers that read it page by page.

import type { GraphQLSchema } from 'graphql';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { operationOf, partsOf } from '../document/document-parts.ts';
import { collectFields } from '../translate/arguments/collect-fields.ts';
import { type Model, Translation } from '../translate/arguments/translation.ts';
import { rootToQuery } from '../translate/root-to-query.ts';
import { coerceVariables } from './coerce-variables.ts';
import type { OperationRequest } from './prepared-operation.ts';

/**
 * @param request with a valid document whose only root field is a list
 * @param known returns the schema that the caller may see, for hints
 * @returns its query, neither checked nor permitted yet @throws as `prepareOperation` does
 */
export function documentToQuery(
  model: Model,
  { document, variables, operationName }: Pick<OperationRequest, 'document' | 'variables' | 'operationName'>,
  known: () => GraphQLSchema,
): EntityQuery {
  const operation = operationOf(document, operationName);
  const values = coerceVariables(model.schema, operation, variables ?? {}, known);
  const translation = new Translation(model, partsOf(document).fragments, values);
  const [nodes] = collectFields(translation, [operation.selectionSet]).values();
  const root = model.roots.get(nodes![0]!.name.value);
  if (root?.kind !== 'list') throw new Error('The document is not about a list.');
  return rootToQuery(translation, root, nodes!) as EntityQuery;
}
