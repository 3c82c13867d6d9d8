// `productsConnection(first: 10, after: "…") { edges { cursor node { id } } pageInfo { endCursor } }` -> the query it makes.

import type { FieldNode, SelectionSetNode } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ConstantSelection } from '../../query/ask/constant-selection.ts';
import type {
  ConnectionMember,
  EdgeMember,
  EntityQuery,
  PageInfoKind,
  PageInfoMember,
  Selection,
} from '../../query/ask/entity-query.ts';
import { connectionTypeName, edgeTypeName, pageInfoTypeName } from '../model/connections.ts';
import { collectFields } from './arguments/collect-fields.ts';
import { type Input, positionOf } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';
import { listToQuery } from './list-to-query.ts';

/** Translates the selection of a row. A parameter, because rows have connections themselves. */
export type SelectRows = (
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
) => readonly Selection[];

/**
 * @param nodes all fields with the same response key
 * @throws INVALID_OPERATION for `first` and `last` together
 */
export function connectionToQuery(
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
  args: ReadonlyMap<string, Input>,
  selectRows: SelectRows,
): EntityQuery {
  const first = args.get('first');
  const last = args.get('last');
  if (first && last) throw bothEnds(last);
  return {
    ...listToQuery(translation, entity, args),
    take: (first ?? last)?.value as number | undefined,
    after: args.get('after')?.value as string | undefined,
    before: args.get('before')?.value as string | undefined,
    backward: last !== undefined,
    select: [],
    connection: members(translation, nodes).map(([as, same]) =>
      toMember(translation, entity, as, same, selectRows),
    ),
    at: nodes[0]!.loc?.start,
  };
}

const bothEnds = (last: Input) =>
  fault('INVALID_OPERATION', '"first" and "last" cannot be combined.', {
    hint: 'Use "first" with "after" to go forwards, "last" with "before" to go backwards.',
    at: positionOf(last),
  });

/** @returns what is selected inside, by the names in the answer */
const members = (translation: Translation, nodes: readonly FieldNode[]): [string, FieldNode[]][] => {
  const sets = nodes.map(node => node.selectionSet).filter((set): set is SelectionSetNode => !!set);
  return [...collectFields(translation, sets)];
};

const typename = (as: string, value: string): ConstantSelection => ({ kind: 'constant', as, value });

function toMember(
  translation: Translation,
  entity: Entity,
  as: string,
  nodes: readonly FieldNode[],
  selectRows: SelectRows,
): ConnectionMember {
  const name = nodes[0]!.name.value;
  switch (name) {
    case '__typename':
      return typename(as, connectionTypeName(entity));
    case 'edges': {
      const edge = members(translation, nodes).map(([inner, same]) =>
        toEdgeMember(translation, entity, inner, same, selectRows),
      );
      return { kind: 'edges', as, edge };
    }
    case 'nodes':
      return { kind: 'nodes', as, select: selectRows(translation, entity, nodes) };
    case 'pageInfo':
      return { kind: 'pageInfo', as, info: members(translation, nodes).map(toInfoMember) };
    default:
      return { kind: 'total', as, estimated: name === 'totalCountEstimate' };
  }
}

function toEdgeMember(
  translation: Translation,
  entity: Entity,
  as: string,
  nodes: readonly FieldNode[],
  selectRows: SelectRows,
): EdgeMember {
  const name = nodes[0]!.name.value;
  if (name === '__typename') return typename(as, edgeTypeName(entity));
  if (name === 'cursor') return { kind: 'cursor', as };
  return { kind: 'node', as, select: selectRows(translation, entity, nodes) };
}

function toInfoMember([as, [node]]: [string, FieldNode[]]): PageInfoMember {
  const name = node!.name.value;
  return name === '__typename' ? typename(as, pageInfoTypeName) : { kind: name as PageInfoKind, as };
}
