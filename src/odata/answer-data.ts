// Runs a prepared read and wraps the JSON text it returns in OData's envelope.

import type { Session } from '../base/database/database.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { ReadAnswer } from '../query/ask/read-answer.ts';
import { opaqueOf, readTags, tagOf } from './answer/entity-tag.ts';
import { takeMembers } from './answer/leading-members.ts';
import { deltaQuery, nextQuery } from './answer/next-link.ts';
import { notFound } from './answer/not-found.ts';
import { omitNulls } from './answer/omit-nulls.ts';
import { startOf } from './delta/tracking.ts';
import type { Service } from './model/service.ts';
import type { PreparedData } from './prepare-request.ts';
import { annotateJson, typeName } from './translate/full-metadata.ts';
import { toReferences } from './translate/references.ts';
import { rootPath } from './url/service-root.ts';

/** @throws NOT_FOUND, and whatever the engine throws */
export async function answerData(
  service: Service,
  prepared: PreparedData,
  request: Incoming,
  session?: Session,
): Promise<Answer> {
  const { tracking } = prepared;
  const start = tracking && !session ? await startOf(service, tracking, request.signal) : undefined;
  const found = await service.engine.run(prepared.read, request.signal, session);
  const { etag, text } = taggedEntity(prepared, found.text);
  const answer = { ...found, text: shown(service, prepared, text) };
  if (prepared.parent && !isFound(prepared, answer)) {
    const parent = await service.engine.run(prepared.parent, request.signal, session);
    if (parent.text === 'null') throw notFound();
  }
  const { of, many } = prepared.resource;
  if (of === 'count') return plain(countIn(prepared, answer));
  if (many) return answerList(service, prepared, request, { ...answer, start });
  return of === 'entities' ? answerTagged(prepared, request, answer, etag) : answerProperty(prepared, answer);
}

/** For a list of values, the engine returns `{"value":...}`. */
function countIn({ resource }: PreparedData, { text, count }: ReadAnswer): string {
  if (!resource.property) return String(count);
  if (text === 'null') throw notFound();
  return text.replaceAll(/\D/g, '');
}

/** @returns the ETag header of a single entity, and the entity without it */
function taggedEntity({ resource }: PreparedData, text: string): { etag?: string; text: string } {
  if (resource.of !== 'entities' || resource.many || text === 'null') return { text };
  const { values, rest } = takeMembers(text, 1);
  return { etag: tagOf(values[0]!), text: rest };
}

/** Answers 304 when the client already has this version (RFC 9110, 13.1.2). */
function answerTagged(
  prepared: PreparedData,
  request: Incoming,
  answer: ReadAnswer,
  etag: string | undefined,
): Answer {
  if (etag === undefined) return answerEntity(prepared, answer);
  const known = prepared.isOwn ? readTags(request, 'if-none-match') : undefined;
  if (known === '*' || known?.includes(opaqueOf(etag))) return { status: 304, headers: { etag } };
  const full = answerEntity(prepared, answer);
  return { ...full, headers: { ...full.headers, etag } };
}

function shown({ engine, config }: Service, prepared: PreparedData, text: string): string {
  const { form, resource, omitsNulls } = prepared;
  const { entity } = resource.steps.at(-1)!.entity;
  const root = `${config.publicUrl}${rootPath}`;
  if (resource.asReferences) return toReferences(entity, form, `${root}/`, text);
  if (resource.of !== 'entities') return text;
  const annotated = annotateJson(engine.catalog, form, root, text);
  return omitsNulls ? omitNulls(engine.catalog, entity, annotated) : annotated;
}

const isFound = ({ resource }: PreparedData, { text, count, rows }: ReadAnswer): boolean =>
  resource.many ? rows > 0 || (count ?? 0) > 0 : text !== 'null';

interface ListAnswer extends ReadAnswer {
  /** The token that a delta link starts from. */
  readonly start?: string;
}

function answerList(service: Service, prepared: PreparedData, request: Incoming, answer: ListAnswer): Answer {
  const { context, form } = prepared;
  const { prefix } = form;
  const count = form.numbers === 'strings' && answer.count !== undefined ? `"${answer.count}"` : answer.count;
  const head = `{${member(`${prefix}context`, context)}${count === undefined ? '' : `"${prefix}count":${count},`}`;
  const [name, query] = linkOf(prepared, request, answer) ?? [];
  const link = `${service.config.publicUrl}${request.path}?${query}`;
  const tail = name === undefined ? '}' : `,"${prefix}${name}":${JSON.stringify(link)}}`;
  return json(prepared, `${head}"value":${answer.text}${tail}`, answer);
}

/** The last page of a tracked list has a delta link instead of a next link. */
function linkOf(
  prepared: PreparedData,
  { query }: Incoming,
  answer: ListAnswer,
): [name: string, query: string] | undefined {
  const { start } = answer;
  const page = nextPage(prepared, answer);
  if (page === undefined) return start === undefined ? undefined : ['deltaLink', deltaQuery(query, start)];
  const tracked = start === undefined ? '' : `$deltatoken=${start}&`;
  return ['nextLink', nextQuery(query, tracked + page)];
}

function nextPage(
  { nextPage: nextOptions }: PreparedData,
  { next, truncated }: ReadAnswer,
): string | undefined {
  if (next !== undefined) return `$skiptoken=${next}`;
  return truncated.includes('') ? nextOptions : undefined;
}

function answerEntity(prepared: PreparedData, answer: ReadAnswer): Answer {
  const { text } = answer;
  if (text === 'null') return answerMissing(prepared);
  const context = member(`${prepared.form.prefix}context`, prepared.context);
  return json(prepared, text === '{}' ? `{${context.slice(0, -1)}}` : `{${context}${text.slice(1)}`, answer);
}

/** The engine returns `{"value":...}`. */
function answerProperty(prepared: PreparedData, answer: ReadAnswer): Answer {
  if (answer.text === 'null') throw notFound();
  const value = answer.text.slice('{"value":'.length, -1);
  if (value === 'null') return { status: 204 };
  if (prepared.resource.of === 'property') return answerEntity(prepared, typed(prepared, answer));
  return rawValue(prepared, value);
}

function typed({ form, resource }: PreparedData, answer: ReadAnswer): ReadAnswer {
  const type = form.metadata === 'full' ? typeName(resource.property!, form) : undefined;
  return { ...answer, text: `{${member(`${form.prefix}type`, type)}${answer.text.slice(1)}` };
}

/** An empty single relation is answered with 204; an entity that does not exist with 404. */
function answerMissing({ resource }: PreparedData): Answer {
  const last = resource.steps.at(-1)!;
  if (last.relation && !last.key) return { status: 204 };
  throw notFound();
}

/** @param value JSON text; numbers keep all their digits */
function rawValue(prepared: PreparedData, value: string): Answer {
  const text = value.startsWith('"') ? (JSON.parse(value) as string) : value;
  if (prepared.resource.property!.type.scalar !== 'Bytes') return plain(text);
  const headers = { 'content-type': 'application/octet-stream' };
  return { status: 200, headers, body: Buffer.from(text, 'base64') };
}

const plain = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/plain;charset=utf-8' },
  body,
});

function json(
  { form, pageSizeApplied, omitsNulls }: PreparedData,
  body: string,
  { truncated, start }: ListAnswer,
): Answer {
  const headers: Record<string, string> = { 'content-type': form.contentType };
  const prefix = form.prefix.slice(1);
  const applied: string[] = [];
  if (pageSizeApplied !== undefined) applied.push(`${prefix}maxpagesize=${pageSizeApplied}`);
  if (start !== undefined) applied.push(`${prefix}track-changes`);
  if (omitsNulls) applied.push(`${prefix}omit-values=nulls`);
  if (applied.length > 0) headers['preference-applied'] = applied.join(', ');
  const nested = truncated.filter(path => path !== '');
  if (nested.length > 0) headers['portolan-truncated'] = nested.join(', ');
  return { status: 200, headers, body };
}

/** @returns a member followed by a comma, or an empty string when there is no value */
const member = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `${JSON.stringify(name)}:${JSON.stringify(value)},`;
