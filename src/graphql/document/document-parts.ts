import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode } from 'graphql';
import { fault } from '../../base/errors.ts';

interface DocumentParts {
  readonly operations: readonly OperationDefinitionNode[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

const known = new WeakMap<DocumentNode, DocumentParts>();

/** @returns a document's operations and fragments; computed once per document */
export function partsOf(document: DocumentNode): DocumentParts {
  const parts = known.get(document) ?? sortOut(document);
  known.set(document, parts);
  return parts;
}

function sortOut({ definitions }: DocumentNode): DocumentParts {
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return { operations, fragments };
}

/** https://spec.graphql.org/October2021/#GetOperation() @throws INVALID_OPERATION */
export function operationOf(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode {
  const { operations } = partsOf(document);
  const found = name ? operations.find(operation => operation.name?.value === name) : operations[0];
  if (found && (name || operations.length === 1)) return found;
  const names = operations.map(operation => operation.name?.value).join(', ');
  if (name)
    throw fault('INVALID_OPERATION', `The document has no operation "${name}".`, {
      hint: names ? `It has ${names}.` : 'It has no named operation.',
    });
  throw operations.length === 0
    ? fault('INVALID_OPERATION', 'The document has no operation.')
    : fault('INVALID_OPERATION', 'The document has several operations.', {
        hint: `Set "operationName" to one of them: ${names}.`,
      });
}
