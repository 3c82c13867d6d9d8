// Translates a mutation to a change and the selection of its result.

import type { FieldNode, SelectionSetNode } from 'graphql';
import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { waysToOne } from '../../catalog/ways-to-one.ts';
import type { ChangeRequest, ChangeTarget, EntityChange } from '../../query/ask/entity-change.ts';
import { type LiteralValue, literal } from '../../query/ask/expression.ts';
import type { Mutation } from '../model/mutations.ts';
import { queriedRow } from './arguments/base.ts';
import { collectFields } from './arguments/collect-fields.ts';
import { constantOf } from './arguments/constant-of.ts';
import { argumentsOf, type Input, positionOf } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';
import { dataToChange, listToChange } from './data-to-change.ts';
import { selectionsToSelect } from './selections-to-select.ts';
import { whereToExpr } from './where/where-to-expr.ts';

export interface TranslatedMutation {
  readonly request: ChangeRequest;
  /** For results that are row counts: the selected fields, in response order. */
  readonly counts?: readonly CountOutput[];
}

export interface CountOutput {
  readonly as: string;
  readonly kind: 'count' | 'typename';
}

/** @param nodes all mutations with the same response key @throws INVALID_OPERATION, INVALID_VALUE */
export function mutationToChange(
  translation: Translation,
  mutation: Mutation,
  nodes: readonly FieldNode[],
): TranslatedMutation {
  const { kind, entity } = mutation;
  const node = nodes[0]!;
  const args = argumentsOf(translation.mutationField(node.name.value), node, translation.variables);
  const change = toChange(translation, mutation, args, node);
  if (kind === 'updateMany' || kind === 'deleteMany')
    return { request: { change }, counts: toCounts(translation, nodes) };
  const select = selectionsToSelect(translation, entity, nodes);
  return { request: { change, select, one: kind.endsWith('One') } };
}

type Arguments = ReadonlyMap<string, Input>;

function toChange(
  translation: Translation,
  { kind, entity }: Mutation,
  args: Arguments,
  node: FieldNode,
): EntityChange {
  const at = node.loc?.start;
  const base = { entity: entity.name, at };
  const data = args.get('data');
  const ifVersion = args.get('ifVersion')?.value as string | undefined;
  const one = () => dataToChange(translation, entity, data ?? nothing, 'data');
  const many = () => listToChange(translation, entity, data ?? noItems, 'data');
  switch (kind) {
    case 'createOne':
      return { ...base, kind: 'insert', rows: [one()] };
    case 'createMany':
      return { ...base, kind: 'insert', rows: many() };
    case 'upsertOne':
      return { ...base, kind: 'upsert', rows: [one()] };
    case 'upsertMany':
      return { ...base, kind: 'upsert', rows: many() };
    case 'updateOne':
      return {
        ...base,
        kind: 'update',
        target: toKey(entity, args, at),
        data: one(),
        ifVersion,
      };
    case 'updateMany':
      return { ...base, kind: 'update', target: toWhere(translation, entity, args, at), data: one() };
    case 'deleteOne':
      return { ...base, kind: 'delete', target: toKey(entity, args, at), ifVersion };
    case 'deleteMany':
      return { ...base, kind: 'delete', target: toWhere(translation, entity, args, at) };
  }
}

const nothing: Input = { value: {} };
const noItems: Input = { value: [] };

function toKey(entity: Entity, args: Arguments, at?: number): ChangeTarget {
  const names = new Set(waysToOne(entity).flat());
  const values = [...args].flatMap(([field, item]) => {
    if (!names.has(field)) return [];
    return [{ field, literal: literal(item.value as LiteralValue, undefined, positionOf(item)) }];
  });
  return { kind: 'key', key: { path: '', values, at } };
}

/** Changing all rows must be explicit: an empty condition is probably a mistake, such as a missing variable. */
function toWhere(translation: Translation, entity: Entity, args: Arguments, at?: number): ChangeTarget {
  const where = args.get('where');
  const all = args.get('all')?.value === true;
  const expr = where && whereToExpr(translation, entity, where, queriedRow);
  const isAll = expr === undefined || constantOf(expr) === true;
  if (all && expr === undefined) return { kind: 'where' };
  if (!all && !isAll) return { kind: 'where', where: expr };
  throw fault(
    'INVALID_OPERATION',
    all ? '"where" and "all" cannot be combined.' : `This mutation would affect all ${entity.set}.`,
    {
      hint: all
        ? 'Provide only one of them.'
        : 'Provide a "where" with a condition, or "all: true" to affect all rows.',
      at: where ? positionOf(where) : at,
    },
  );
}

function toCounts(translation: Translation, nodes: readonly FieldNode[]): CountOutput[] {
  const sets = nodes
    .map(node => node.selectionSet)
    .filter((set): set is SelectionSetNode => set !== undefined);
  return [...collectFields(translation, sets)].map(([as, [field]]) => ({
    as,
    kind: field!.name.value === '__typename' ? 'typename' : 'count',
  }));
}
