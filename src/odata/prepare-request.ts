// Parses and prepares a GET request: everything that can be done without the database.

import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { toColumns } from '../formats/columns.ts';
import type { Incoming } from '../http/message/message.ts';
import type { PreparedRead } from '../query/plan/prepared-read.ts';
import { appliedContext, entityContext, propertyContext } from './answer/context-url.ts';
import { linkParts } from './answer/nested-link.ts';
import { wantsNoNulls } from './answer/omit-nulls.ts';
import { serviceDocument } from './answer/service-document.ts';
import { csvFormat, csvPageRows, type PreparedCsv } from './answer-csv.ts';
import { csdlJson } from './csdl/csdl-json.ts';
import { csdlXml } from './csdl/csdl-xml.ts';
import type { PreparedDelta } from './delta/answer-delta.ts';
import { type Tracking, trackingOf } from './delta/tracking.ts';
import { type DataResource, type Resource, resolveResource } from './model/resource.ts';
import type { Service } from './model/service.ts';
import type { VisibleModel } from './model/visible-model.ts';
import { parseOptions, type QueryOptions } from './parse/options.ts';
import { parsePath } from './parse/path.ts';
import type { AppliedPage } from './translate/applied-query.ts';
import { toQuery } from './translate/to-query.ts';
import {
  type JsonForm,
  type MetadataForm,
  negotiateJson,
  negotiateMetadata,
  wantsCsv,
} from './url/media-type.ts';
import { preferredPageSize } from './url/preferences.ts';
import { versionOf } from './url/protocol.ts';
import { withoutReference } from './url/reference-path.ts';
import { belowRoot, rootPath } from './url/service-root.ts';
import { notServed } from './url/syntax.ts';
import { type ODataUrl, parseUrl } from './url/url.ts';

export type Prepared = PreparedDocument | PreparedData | PreparedCsv | PreparedDelta;

/** A text that depends only on the caller's scopes. */
interface PreparedDocument {
  readonly kind: 'document';
  readonly contentType: string;
  readonly text: string;
}

export interface PreparedData {
  readonly kind: 'data';
  readonly resource: DataResource;
  readonly read: PreparedRead;
  /** Checks that the parent entity in the path exists. */
  readonly parent?: PreparedRead;
  readonly form: JsonForm;
  /** The context URL; absent with `metadata=none`. */
  readonly context?: string;
  /** For $apply: the options of the next page, if there are more rows. */
  readonly nextPage?: string;
  /** Whether the entity tag covers the whole answer: it contains nothing from other entities. */
  readonly isOwn: boolean;
  /** For a list whose changes are tracked. */
  readonly tracking?: Tracking;
  /** Whether fields without a value are left out. */
  readonly omitsNulls: boolean;
  /** The page size that the client prefers, if it made a difference. */
  readonly pageSizeApplied?: number;
}

/** @throws Fault for errors in the URL or the headers, and whatever the query engine throws */
export function prepareRequest(
  service: Service,
  model: VisibleModel,
  request: Incoming,
  principal: Principal,
): Prepared {
  const url = parseUrl(belowRoot(request), request.query);
  checkSchemaVersion(url);
  const resource = resolve(model, url);
  const accept = request.header('accept');
  const format = url.options.get('$format')?.text;
  if (resource.kind === 'metadata') return metadata(model, negotiateMetadata(accept, format));
  if (isList(resource) && wantsCsv(accept, format)) {
    const form = negotiateJson('application/json;metadata=none', undefined, '4.0');
    return prepareCsv(service, model, { request, principal, url, resource, form });
  }
  const form = negotiateJson(accept, format, versionOf(request), bodyKindOf(resource));
  if (resource.kind === 'data')
    return prepareData(service, model, { request, principal, url, resource, form });
  const text = serviceDocument(model, form, contextUrl(service, form));
  return { kind: 'document', contentType: form.contentType, text };
}

/** The model has only one version, without a name (OData 4.01 Part 1, 11.2.12). */
function checkSchemaVersion({ options }: ODataUrl): void {
  const part = options.get('$schemaversion');
  if (!part || part.text.trim() === '*') return;
  throw fault('NOT_FOUND', `There is no schema version "${part.text.slice(0, 80)}".`, {
    hint: 'Leave $schemaversion out.',
    target: '$schemaversion',
    at: part.at,
  });
}

function resolve(model: VisibleModel, url: ODataUrl): Resource {
  const { segments, isReference } = withoutReference(url.segments);
  const resource = resolveResource(model, parsePath(segments));
  if (!isReference) return resource;
  if (resource.kind === 'data' && resource.of === 'entities') return { ...resource, asReferences: true };
  throw fault('NOT_FOUND', '"/$ref" does not exist at this place in the path.', {
    target: '$ref',
    at: url.segments.at(-1)!.at,
  });
}

const metadata = (model: VisibleModel, form: MetadataForm): PreparedDocument =>
  form === 'xml'
    ? { kind: 'document', contentType: 'application/xml', text: csdlXml(model) }
    : { kind: 'document', contentType: 'application/json', text: csdlJson(model) };

const isList = (resource: Resource): resource is DataResource =>
  resource.kind === 'data' && resource.of === 'entities' && resource.many && !resource.asReferences;

const isText = (resource: Resource): boolean =>
  resource.kind === 'data' && (resource.of === 'count' || resource.of === 'value');

const bodyKindOf = (resource: Resource) => (isText(resource) ? 'text' : isList(resource) ? 'list' : 'json');

interface DataRequest {
  readonly request: Incoming;
  readonly principal: Principal;
  readonly url: ODataUrl;
  readonly resource: DataResource;
  readonly form: JsonForm;
}

function prepareData(
  service: Service,
  model: VisibleModel,
  dataRequest: DataRequest,
): PreparedData | PreparedDelta {
  const { request, principal, url, resource, form } = dataRequest;
  const { engine, config } = service;
  const options = parseOptions(url);
  const pageSizeMax = preferredPageSize(request);
  const links = linkParts(config.publicUrl, request);
  const context = { model, form, limits: config.limits, pageSizeMax, links };
  const { query, parent, applied } = toQuery(context, resource, options);
  const read = engine.prepare(query, principal, `odata-${form.numbers}`);
  const tracking = trackingOf({ ...dataRequest, options, query });
  const fragment = fragmentOf(resource, url, options, applied);
  if (tracking?.token !== undefined && options.skiptoken === undefined) {
    return toDelta(service, tracking, form, contextUrl(service, form, `${fragment}/$delta`));
  }
  return {
    kind: 'data',
    resource,
    read,
    parent: parent && engine.prepare(parent, principal, `odata-${form.numbers}`),
    form,
    context: contextUrl(service, form, fragment),
    isOwn: options.expand === undefined && options.compute === undefined,
    tracking,
    omitsNulls: resource.of === 'entities' && wantsNoNulls(request),
    pageSizeApplied: applied || ('next' in query && query.next) ? pageSizeMax : undefined,
    nextPage: applied?.next,
  };
}

function toDelta(
  { config }: Service,
  { entity, query, tracked, token }: Tracking,
  form: JsonForm,
  context: string | undefined,
): PreparedDelta {
  const pageSize = query.take ?? config.limits.takeDefault;
  return { kind: 'delta', entity, query, tracked, token: token!, pageSize, form, context };
}

function prepareCsv(service: Service, model: VisibleModel, dataRequest: DataRequest): PreparedCsv {
  const { principal, url, resource, form } = dataRequest;
  const { engine, config } = service;
  const context = { model, form, limits: config.limits, pageSizeMax: csvPageRows };
  const options = parseOptions(url);
  const { query, parent, applied } = toQuery(context, resource, { ...options, count: undefined });
  if (applied || 'kind' in query) throw notServed('$apply as CSV', options.apply?.[0]?.at);
  const { entity } = resource.steps.at(-1)!.entity;
  return {
    kind: 'csv',
    set: entity.set,
    query,
    first: engine.prepare(query, principal, csvFormat),
    parent: parent && engine.prepare(parent, principal, csvFormat),
    columns: toColumns(engine.catalog, query, { separator: '/', lists: 'refuse' }),
  };
}

function fragmentOf(
  resource: DataResource,
  url: ODataUrl,
  options: QueryOptions,
  applied?: AppliedPage,
): string {
  if (resource.asReferences) return resource.many ? 'Collection($ref)' : '$ref';
  if (resource.of !== 'entities') return propertyContext(url.segments);
  return applied ? appliedContext(resource, applied.columns) : entityContext(resource, options);
}

function contextUrl({ config }: Service, { metadata }: JsonForm, fragment?: string): string | undefined {
  if (metadata === 'none') return undefined;
  return `${config.publicUrl}${rootPath}/$metadata${fragment === undefined ? '' : `#${fragment}`}`;
}
