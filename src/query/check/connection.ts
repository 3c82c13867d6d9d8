// Binds the members of a connection.

import type { ConnectionMember, EdgeMember, Selection } from '../ask/entity-query.ts';
import type { BoundConnectionMember, BoundEdgeMember, BoundSelection } from '../bound/query.ts';

/** @param bind binds a selection of a row */
export const bindConnection = (
  members: readonly ConnectionMember[],
  bind: (selection: Selection) => BoundSelection,
): BoundConnectionMember[] =>
  members.map(member => {
    if (member.kind === 'edges') return { ...member, edge: member.edge.map(part => bindEdge(part, bind)) };
    return member.kind === 'nodes' ? { ...member, select: member.select.map(bind) } : member;
  });

const bindEdge = (member: EdgeMember, bind: (selection: Selection) => BoundSelection): BoundEdgeMember =>
  member.kind === 'node' ? { ...member, select: member.select.map(bind) } : member;

/** @returns all selections of a row, over all lists of the connection */
export const selectedInConnection = (members: readonly BoundConnectionMember[]): BoundSelection[] =>
  members.flatMap(member => {
    if (member.kind === 'nodes') return member.select;
    if (member.kind !== 'edges') return [];
    return member.edge.flatMap(part => (part.kind === 'node' ? part.select : []));
  });
