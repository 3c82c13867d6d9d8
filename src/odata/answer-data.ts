// A prepared read is run, and its JSON text is put into OData's frame as it is.

import type { Session } from '../base/database.ts';
import { fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message.ts';
import type { ReadAnswer } from '../query/engine.ts';
import { startOf } from './delta/tracking.ts';
import { deltaQuery, nextQuery } from './next-link.ts';
import type { PreparedData, Service } from './prepare-request.ts';

/** @throws NOT_FOUND, and what the engine throws */
export async function answerData(
  service: Service,
  prepared: PreparedData,
  request: Incoming,
  session?: Session,
): Promise<Answer> {
  const { tracking } = prepared;
  const start = tracking && !session ? await startOf(service, tracking, request.signal) : undefined;
  const answer = await service.engine.run(prepared.read, request.signal, session);
  if (prepared.parent && !isFound(prepared, answer)) {
    const parent = await service.engine.run(prepared.parent, request.signal, session);
    if (parent.text === 'null') throw notFound();
  }
  const { of, many } = prepared.resource;
  if (of === 'count') return plain(String(answer.count));
  if (many) return answerList(service, prepared, request, { ...answer, start });
  return of === 'entities' ? answerEntity(prepared, answer) : answerProperty(prepared, answer);
}

const isFound = ({ resource }: PreparedData, { text, count, rows }: ReadAnswer): boolean =>
  resource.many ? rows > 0 || (count ?? 0) > 0 : text !== 'null';

export const notFound = () => fault('NOT_FOUND', 'There is no such entity.');

interface ListAnswer extends ReadAnswer {
  /** What a delta link starts from. */
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

/** The last page of a list that is followed leads to its changes. */
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

function nextPage({ nextPage: further }: PreparedData, { next, truncated }: ReadAnswer): string | undefined {
  if (next !== undefined) return `$skiptoken=${next}`;
  return truncated.includes('') ? further : undefined;
}

function answerEntity(prepared: PreparedData, answer: ReadAnswer): Answer {
  const { text } = answer;
  if (text === 'null') return nothing(prepared);
  const context = member(`${prepared.form.prefix}context`, prepared.context);
  return json(prepared, text === '{}' ? `{${context.slice(0, -1)}}` : `{${context}${text.slice(1)}`, answer);
}

/** The engine was asked for `{"value":...}`. */
function answerProperty(prepared: PreparedData, answer: ReadAnswer): Answer {
  if (answer.text === 'null') throw notFound();
  const value = answer.text.slice('{"value":'.length, -1);
  if (value === 'null') return { status: 204 };
  if (prepared.resource.of === 'property') return answerEntity(prepared, answer);
  return rawValue(prepared, value);
}

/** Of a single relation that leads nowhere there is no content; an entity that is not there is not found. */
function nothing({ resource }: PreparedData): Answer {
  const last = resource.steps.at(-1)!;
  if (last.relation && !last.key) return { status: 204 };
  throw notFound();
}

/** @param value as JSON; numbers keep their digits */
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
  { form, pageSizeApplied }: PreparedData,
  body: string,
  { truncated, start }: ListAnswer,
): Answer {
  const headers: Record<string, string> = { 'content-type': form.contentType };
  const prefix = form.prefix.slice(1);
  const applied: string[] = [];
  if (pageSizeApplied !== undefined) applied.push(`${prefix}maxpagesize=${pageSizeApplied}`);
  if (start !== undefined) applied.push(`${prefix}track-changes`);
  if (applied.length > 0) headers['preference-applied'] = applied.join(', ');
  const nested = truncated.filter(path => path !== '');
  if (nested.length > 0) headers['portolan-truncated'] = nested.join(', ');
  return { status: 200, headers, body };
}

/** @returns a member with its comma, or nothing when there is no value */
const member = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `${JSON.stringify(name)}:${JSON.stringify(value)},`;
