// `select`, `where`, `orderBy` and `search` -> EntityQuery. They become a document of the Query API, so that they mean the same
// as there.

import {
  type DocumentNode,
  type FieldNode,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  Source,
} from 'graphql';
import { Fault, fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { checkSize } from '../../graphql/document/check-size.ts';
import { checkTokens } from '../../graphql/document/check-tokens.ts';
import { withSyntaxCode } from '../../graphql/document/parse-graphql.ts';
import type { GraphqlApi } from '../../graphql/operation/prepared-schema.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { anglesToBraces } from '../../query-api/angle-brackets.ts';
import { declareVariables } from '../../query-api/infer-variables.ts';
import { parseSelection } from '../../query-api/parse-selection.ts';
import { toFault } from '../../query-api/to-fault.ts';
import { type ExportParams, jsonParam, textParam } from '../options/export-params.ts';
import { columnNodes, expandColumns, splitColumns } from './column-list.ts';
import { defaultFields, isImportable, readableFields } from './default-fields.ts';
import { orderByParam } from './order-by.ts';

export interface Selected {
  readonly query: EntityQuery;
  /** The columns in the order in which they were listed, if they were. */
  readonly columns?: readonly string[];
}

export interface WordsContext {
  readonly api: GraphqlApi;
  readonly entity: Entity;
  readonly principal: Principal;
  /** Whether only fields that an import takes are meant where none are named. */
  readonly importable: boolean;
}

/** @throws Fault, with the location in `select` where it is about that */
export function queryWords(context: WordsContext, params: ExportParams): Selected {
  const text = selectText(params.get('select'));
  const columns = listedColumns(context, text);
  const selection = columns ? { nodes: columnNodes(columns), more: [] } : parseSelect(context, text!);
  const variables = variablesOf(params);
  try {
    const document = toDocument(context, selection, Object.keys(variables));
    return { query: context.api.listQuery({ document, variables, principal: context.principal }), columns };
  } catch (error) {
    // Columns of a list stand nowhere in the text of the document.
    throw columns ? withoutLocation(toFault(error, '')) : toFault(error, text!);
  }
}

function selectText(select: unknown): string | undefined {
  if (select === undefined || typeof select === 'string') return select?.trim() ? select : undefined;
  if (Array.isArray(select) && select.every(item => typeof item === 'string')) return select.join(', ');
  throw fault('INVALID_VALUE', '"select" must be a string, or a list of strings.', { target: 'select' });
}

/** @returns undefined for a nested selection */
function listedColumns(
  { api, entity, principal, importable }: WordsContext,
  text?: string,
): string[] | undefined {
  const { engine } = api;
  const kept = (of: Entity, names: readonly string[]) =>
    importable ? names.filter(name => isImportable(of, name)) : names;
  if (text === undefined) return [...kept(entity, defaultFields(engine, entity, principal))];
  const listed = splitColumns(text);
  if (!listed) return undefined;
  return expandColumns(engine.catalog, entity, listed, of => kept(of, readableFields(engine, of, principal)));
}

interface ParsedSelection {
  readonly nodes: readonly SelectionNode[];
  /** Fragments. */
  readonly more: DocumentNode['definitions'];
}

function parseSelect({ api }: WordsContext, text: string): ParsedSelection {
  const source = new Source(anglesToBraces(text));
  try {
    const { definitions } = withSyntaxCode(() => {
      checkTokens(source, api.limits);
      return parseSelection(source);
    });
    const [operation, ...others] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0 || operation.operation !== 'query')
      throw fault('INVALID_OPERATION', '"select" must be one selection of fields.', { target: 'select' });
    return {
      nodes: operation.selectionSet.selections,
      more: definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
    };
  } catch (error) {
    throw toFault(error, text);
  }
}

function variablesOf(params: ExportParams): Record<string, unknown> {
  const variables = {
    where: jsonParam(params, 'where'),
    orderBy: orderByParam(params),
    search: textParam(params, 'search'),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

/** `{ products(where: $where) { … } }` */
function toDocument(
  { api, entity }: WordsContext,
  { nodes, more }: ParsedSelection,
  argumentNames: readonly string[],
): DocumentNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const root: FieldNode = {
    kind: Kind.FIELD,
    name: name(entity.set),
    arguments: argumentNames.map(argument => ({
      kind: Kind.ARGUMENT,
      name: name(argument),
      value: { kind: Kind.VARIABLE, name: name(argument) },
    })),
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  };
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
      },
      ...more,
    ],
  };
  checkSize(document, api.limits);
  return declareVariables(document, api.schema);
}

const withoutLocation = (error: unknown): unknown =>
  error instanceof Fault
    ? new Fault(error.code, error.message, { ...error, location: undefined, at: undefined })
    : error;
