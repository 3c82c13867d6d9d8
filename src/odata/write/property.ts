// PUT, PATCH and DELETE of one value: `products(1)/name`, `products(1)/name/$value` (OData 4.01 Part 1, 11.4.9).

import { fault } from '../../base/errors.ts';
import type { ValueField } from '../../catalog/catalog.ts';
import type { Answer } from '../../http/message/message.ts';
import { type Literal, literal } from '../../query/ask/expression.ts';
import { propertyContext } from '../answer/context-url.ts';
import { tagOf } from '../answer/entity-tag.ts';
import { takeMembers } from '../answer/leading-members.ts';
import { typeName } from '../translate/full-metadata.ts';
import { preference } from '../url/preferences.ts';
import { rootPath } from '../url/service-root.ts';
import { findKey } from './find-key.ts';
import { jsonToLiteral } from './json-to-literal.ts';
import { readPrecondition } from './precondition.ts';
import { parseJson, toJsonObject } from './read-body.ts';
import { bodyPath } from './write-fault.ts';
import { change, type WriteRequest } from './write-request.ts';

export const putProperty = (write: WriteRequest): Promise<Answer> => setProperty(write, wrappedValue);

function wrappedValue(write: WriteRequest): Literal {
  const body = toJsonObject(write.body, write.request);
  if (Object.hasOwn(body, 'value')) return jsonToLiteral(propertyOf(write).type, body.value);
  throw fault('INVALID_VALUE', 'The body must contain the new value: {"value": …}.', {
    target: propertyOf(write).name,
  });
}

export const deleteProperty = (write: WriteRequest): Promise<Answer> =>
  setProperty(write, () => literal(null));

export const putValue = (write: WriteRequest): Promise<Answer> => setProperty(write, rawValue);

/** The body is the raw value, as returned by `GET …/$value`. */
function rawValue(write: WriteRequest): Literal {
  const { type } = propertyOf(write);
  const { body } = write;
  return type.scalar === 'Json' ? jsonToLiteral(type, parseJson(body)) : literal(body);
}

/** @param readValue reads the body; not called when a precondition fails (RFC 9110, 13.2.1) */
async function setProperty(
  write: WriteRequest,
  readValue: (write: WriteRequest) => Literal,
): Promise<Answer> {
  const { steps } = write.resource;
  const { entity } = steps.at(-1)!.entity;
  const { name } = propertyOf(write);
  const { ifVersion } = await readPrecondition(write, steps);
  const value = readValue(write);
  const key = await findKey(write, steps);
  const mayShow = write.readable.sets.get(entity.set)?.values.has(name) === true;
  const shows = mayShow && preference(write.request, 'return')?.toLowerCase() === 'representation';
  const answer = await change(write, {
    change: {
      kind: 'update',
      entity: entity.name,
      target: { kind: 'key', key },
      data: { path: bodyPath, values: [{ field: name, literal: value }] },
      ifVersion,
    },
    select: mayShow
      ? [
          { kind: 'version', as: '@' },
          { kind: 'field', field: name, as: 'value' },
        ]
      : [{ kind: 'constant', as: '@', value: '' }],
    one: true,
  });
  if (!mayShow) return { status: 204 };
  const { values, rest } = takeMembers(answer.text, 1);
  const headers = { etag: tagOf(values[0]!) };
  if (!shows || rest === '{"value":null}') return { status: 204, headers };
  return answerProperty(write, headers, rest);
}

function answerProperty(write: WriteRequest, headers: object, text: string): Answer {
  const { form, service, segments } = write;
  const context = `${service.config.publicUrl}${rootPath}/$metadata#${propertyContext(segments)}`;
  const type = form.metadata === 'full' ? typeName(propertyOf(write), form) : undefined;
  const annotations = JSON.stringify({ [`${form.prefix}context`]: context, [`${form.prefix}type`]: type });
  const body = form.metadata === 'none' ? text : `${annotations.slice(0, -1)},${text.slice(1)}`;
  const applied = { 'preference-applied': 'return=representation' };
  return { status: 200, headers: { 'content-type': form.contentType, ...headers, ...applied }, body };
}

const propertyOf = ({ resource }: WriteRequest): ValueField => resource.property!;
