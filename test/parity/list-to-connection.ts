// A read of a list -> the same through a connection.

import { type ArgumentNode, type FieldNode, Kind, type NameNode, parse, print } from 'graphql';
import type { Read } from './reads.ts';

export interface ConnectionRead extends Read {
  /** The selection as a plain list. */
  readonly list: string;
}

/** @returns undefined for what a connection can't say: `skip`, and other roots than lists */
export function toConnectionRead(read: Read): ConnectionRead | undefined {
  const [operation, ...fragments] = parse(`{ ${read.selection} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || fragments.length > 0) return undefined;
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || field.alias || /(?:Count|Aggregate|GroupBy)$/.test(field.name.value))
    return undefined;
  if (field.arguments?.some(argument => argument.name.value === 'skip')) return undefined;
  return { ...read, list: read.selection, selection: print(connectionOf(field)) };
}

function connectionOf(field: FieldNode): FieldNode {
  const nodes: FieldNode = { kind: Kind.FIELD, name: named('nodes'), selectionSet: field.selectionSet };
  return {
    ...field,
    name: named(`${field.name.value}Connection`),
    arguments: field.arguments?.map(firstForTake),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [nodes] },
  };
}

const firstForTake = (argument: ArgumentNode): ArgumentNode =>
  argument.name.value === 'take' ? { ...argument, name: named('first') } : argument;

const named = (value: string): NameNode => ({ kind: Kind.NAME, value });
