// https://spec.graphql.org/October2021/#CollectFields(): fields by response key.

import {
  type FieldNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Translation } from './translation.ts';

/**
 * All types of the catalog are object types, and validation rejects fragments on other types, so type conditions
 * can be ignored.
 * @param sets the selection sets to be merged: those of all fields with the same response key
 */
export function collectFields(
  translation: Translation,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  for (const set of sets) collect(translation, set, fields, visited);
  return fields;
}

function collect(
  translation: Translation,
  set: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
  visited: Set<string>,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(translation, selection)) continue;
    if (selection.kind === Kind.FIELD) addField(fields, selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      collect(translation, selection.selectionSet, fields, visited);
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = translation.fragments.get(selection.name.value);
      if (fragment) collect(translation, fragment.selectionSet, fields, visited);
    }
  }
}

function addField(fields: Map<string, FieldNode[]>, node: FieldNode): void {
  const key = node.alias?.value ?? node.name.value;
  const same = fields.get(key);
  if (same) same.push(node);
  else fields.set(key, [node]);
}

function isIncluded({ variables }: Translation, node: SelectionNode): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false;
}
