// `productChanged(where, after) { node { … } }` -> what to watch.

import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { parseExactJson } from '../../base/exact-json.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import type { ChangeKind } from '../../changes/stored-change.ts';
import type { WatchRequest } from '../../changes/watch.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import type { Watching } from '../model/live-changes.ts';
import { queriedRow } from '../translate/arguments/base.ts';
import { collectFields } from '../translate/arguments/collect-fields.ts';
import { argumentsOf } from '../translate/arguments/input.ts';
import { Translation } from '../translate/arguments/translation.ts';
import { selectionsToSelect } from '../translate/selections-to-select.ts';
import { whereToExpr } from '../translate/where/where-to-expr.ts';

export function toWatchRequest(
  catalog: Catalog,
  entity: Entity,
  { principal, authenticate }: Watching,
  info: GraphQLResolveInfo,
): WatchRequest {
  const translation = translationOf(catalog, info);
  const definition = info.parentType.getFields()[info.fieldName]!;
  const args = argumentsOf(definition, info.fieldNodes[0]!, info.variableValues);
  const where = args.get('where');
  const after = args.get('after')?.value as string | undefined;
  return {
    entity,
    principal,
    authenticate,
    parse: parseExactJson,
    select: selectedOfRow(translation, entity, info.fieldNodes),
    where: where && whereToExpr(translation, entity, where, queriedRow),
    kinds: args.get('kinds')?.value as readonly ChangeKind[] | undefined,
    after: after === undefined ? undefined : BigInt(after),
  };
}

const translationOf = (catalog: Catalog, { schema, fragments, variableValues }: GraphQLResolveInfo) =>
  new Translation(
    { schema, catalog, roots: new Map(), mutations: new Map(), scopes: new Map() },
    new Map(Object.entries(fragments)),
    variableValues,
  );

/** All `node` fields, under any alias, are answered from one row: validation rules out conflicting response keys. */
function selectedOfRow(
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
): readonly Selection[] | undefined {
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const fields = [...collectFields(translation, sets).values()].flat();
  const nodeFields = fields.filter(({ name }) => name.value === 'node');
  return nodeFields.length > 0 ? selectionsToSelect(translation, entity, nodeFields) : undefined;
}
