// One export: what it reads, checked before anything is sent, and the file as it is read.

import type { Session } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import { type Column, toColumns } from '../formats/columns.ts';
import { type Chunk, toBody } from '../formats/streamed-body.ts';
import type { GraphqlApi } from '../graphql/operation/prepared-schema.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { VisibleModel } from '../odata/model/visible-model.ts';
import type { EntityQuery } from '../query/ask/entity-query.ts';
import type { RowsAnswer } from '../query/ask/read-answer.ts';
import { type ExportOptions, toExportOptions } from './options/export-options.ts';
import { type ExportParams, odataParams, queryParams, readParams } from './options/export-params.ts';
import { type FileFormat, mediaTypeOf } from './options/file-format.ts';
import { type PageSource, prepareFirst, readPages } from './pages.ts';
import type { Snapshots } from './snapshot.ts';
import { odataWords, refuseBoth } from './words/odata-words.ts';
import { queryWords, type Selected } from './words/query-words.ts';
import { writeCsv, writeJson, writeNdjson, writeXlsx } from './write-file.ts';

export interface ExportDeps {
  readonly api: GraphqlApi;
  readonly modelOf: (principal: Principal) => VisibleModel;
  readonly snapshots: Snapshots;
  readonly bodyBytesMax: number;
}

/** An export that is checked and permitted. */
interface PreparedExport {
  readonly deps: ExportDeps;
  readonly entity: Entity;
  readonly options: ExportOptions;
  readonly query: EntityQuery;
  readonly columns: readonly Column[];
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** @param set as the path has it @throws Fault; an error while streaming cuts the response off instead */
export async function answerExport(
  deps: ExportDeps,
  set: string,
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  const entity = findSet(deps.api, set, principal);
  const params = await readParams(request, deps.bodyBytesMax);
  const options = toExportOptions(params, request.header('accept'));
  const prepared = prepareExport(deps, entity, {
    params,
    options,
    caller: { principal, signal: request.signal },
  });
  prepareFirst(sourceOf(prepared, deps.api.engine.runRows));
  const body = await toBody(fileOf(prepared));
  return { status: 200, headers: headersOf(prepared), body };
}

/** @throws NOT_FOUND with the nearest of the sets that the caller may read */
function findSet({ engine }: GraphqlApi, name: string, principal: Principal): Entity {
  const { sets } = engine.catalog;
  const found = sets.get(name);
  if (found) return found;
  const permitted = [...engine.permitted(principal).entities.values()];
  const known = permitted.filter(({ read }) => read).map(({ entity }) => entity.set);
  throw fault('NOT_FOUND', `There is no set "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, known) ?? (known.length > 0 ? `The sets are ${known.join(', ')}.` : undefined),
    target: name.slice(0, 80),
  });
}

function prepareExport(
  deps: ExportDeps,
  entity: Entity,
  {
    params,
    options,
    caller,
  }: {
    readonly params: ExportParams;
    readonly options: ExportOptions;
    readonly caller: Pick<PreparedExport, 'principal' | 'signal'>;
  },
): PreparedExport {
  const { query: whole, columns: order } = selected(deps, entity, {
    params,
    options,
    principal: caller.principal,
  });
  const { skip: _, ...list } = whole;
  const limit = options.limit ?? whole.limit;
  const query = { ...list, limit, after: options.after, count: 'none' } as const;
  const columns = toColumns(deps.api.engine.catalog, query, { separator: '.', lists: 'json' });
  return { deps, entity, options, query, columns: inOrder(columns, order), ...caller };
}

function selected(
  { api, modelOf }: ExportDeps,
  entity: Entity,
  {
    params,
    options: { importable },
    principal,
  }: { readonly params: ExportParams; readonly options: ExportOptions; readonly principal: Principal },
): Selected {
  const odata = odataParams(params);
  refuseBoth(queryParams(params), odata);
  const context = { api, entity, principal, importable };
  return odata.length > 0 ? odataWords(context, modelOf(principal), params) : queryWords(context, params);
}

/** Columns of one relation are selected together, wherever they are listed. */
function inOrder(columns: readonly Column[], names: readonly string[] | undefined): readonly Column[] {
  if (!names) return columns;
  return columns.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

function fileOf(prepared: PreparedExport): AsyncGenerator<Chunk> {
  const { deps, entity, options, columns } = prepared;
  const { engine } = deps.api;
  switch (options.format) {
    case 'csv':
      return writeCsv(columns, options.csv, pagesOf(prepared, engine.runCells));
    case 'xlsx':
      return writeXlsx(entity.set, columns, pagesOf(prepared, engine.runCells));
    case 'ndjson':
      return writeNdjson(pagesOf(prepared, engine.runRows), options.cursors);
    case 'json':
      return writeJson(pagesOf(prepared, engine.runRows));
  }
}

function pagesOf<Row>(
  prepared: PreparedExport,
  run: PageSource<Row>['run'],
): AsyncGenerator<RowsAnswer<Row>> {
  const source = sourceOf(prepared, run);
  const read = (session?: Session) => readPages(source, session);
  return prepared.options.consistent ? prepared.deps.snapshots.read(read) : read();
}

const sourceOf = <Row>(
  { deps, query, principal, signal }: PreparedExport,
  run: PageSource<Row>['run'],
): PageSource<Row> => ({ engine: deps.api.engine, principal, query, run, signal });

function headersOf({ entity, options: { format, csv } }: PreparedExport): Record<string, string> {
  const date = new Date().toISOString().slice(0, 10);
  return {
    'content-type': format === 'csv' ? csvType(csv) : mediaTypeOf(format),
    'content-disposition': `attachment; filename="${entity.set}-${date}.${extensions[format]}"`,
  };
}

const extensions: Readonly<Record<FileFormat, string>> = {
  csv: 'csv',
  xlsx: 'xlsx',
  ndjson: 'ndjson',
  json: 'json',
};

/** RFC 4180, section 3 */
const csvType = ({ encoding, header }: ExportOptions['csv']): string =>
  `text/csv; charset=${encoding.replace('-bom', '')}; header=${header ? 'present' : 'absent'}`;
