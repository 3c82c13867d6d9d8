// The answer to a write (OData 4.01 Part 1, 8.2.8.7, 8.3, 11.4.2): the entity as it is now, or only its URL. Callers who
// may write but not read are shown nothing.

import type { Entity } from '../../catalog/catalog.ts';
import { waysToOne } from '../../catalog/ways-to-one.ts';
import type { Answer } from '../../http/message/message.ts';
import type { ChangeData } from '../../query/ask/entity-change.ts';
import type { Selection } from '../../query/ask/entity-query.ts';
import type { ReadAnswer } from '../../query/ask/read-answer.ts';
import { entityContext } from '../answer/context-url.ts';
import { tagOf } from '../answer/entity-tag.ts';
import { takeMembers } from '../answer/leading-members.ts';
import { linkParts } from '../answer/nested-link.ts';
import { alternateUrl, entityUrl } from '../model/entity-url.ts';
import type { ExpandItem, NestedOptions } from '../parse/selection-items.ts';
import { withComputed } from '../translate/computed.ts';
import { annotateJson } from '../translate/full-metadata.ts';
import { toSelections } from '../translate/to-selection.ts';
import { preference } from '../url/preferences.ts';
import { rootPath } from '../url/service-root.ts';
import { Budget } from '../url/syntax.ts';
import type { WriteRequest } from './write-request.ts';

/** How a written entity is shown. */
export interface Showing {
  readonly select: readonly Selection[];
  readonly shows: 'entity' | 'address' | 'nothing';
  /** The applied value of the `return` preference. */
  readonly applied?: 'representation' | 'minimal';
  readonly options: NestedOptions;
}

/** @param made the data of a new entity, whose nested records are shown too */
export function showingOf(write: WriteRequest, entity: Entity, made?: ChangeData): Showing {
  const { model, form, options: requested, readable } = write;
  const visible = readable.sets.get(entity.set);
  const preferred = preference(write.request, 'return')?.toLowerCase();
  if (!visible) {
    const select = [{ kind: 'constant', as: '@', value: '' } as const];
    return {
      select,
      shows: 'nothing',
      applied: preferred === 'minimal' ? preferred : undefined,
      options: {},
    };
  }
  const known = preferred === 'representation' || preferred === 'minimal' ? preferred : undefined;
  const names = requested.select !== undefined || requested.expand !== undefined;
  const shows =
    (known ?? (made || names ? 'representation' : 'minimal')) === 'minimal' ? 'address' : 'entity';
  const head = [
    { kind: 'version', as: '@' } as const,
    ...entity.key.map((field, index) => ({ kind: 'field', field, as: `@${index}` }) as const),
  ];
  const showing = { shows, applied: known } as const;
  if (shows === 'address') return { ...showing, select: head, options: {} };
  const options = { ...requested, expand: requested.expand ?? (made && expandMade(write, entity, made)) };
  const plain = { catalog: model.catalog, budget: new Budget(), alias: requested.alias };
  const translation = withComputed(plain, visible, options.compute);
  const links = linkParts(write.service.config.publicUrl, write.request);
  return {
    ...showing,
    options,
    select: [...head, ...toSelections({ model: readable, form, translation, links }, visible, options)],
  };
}

/** The answer to a deep insert includes the nested records, as far as the caller may read them. */
function expandMade(
  models: Pick<WriteRequest, 'readable' | 'model'>,
  entity: Entity,
  made: ChangeData,
): ExpandItem[] | undefined {
  const visible = models.readable.sets.get(entity.set);
  const items = (made.links ?? []).flatMap(({ relation, create }): ExpandItem[] => {
    const field = visible?.relations.get(relation);
    if (!create || !field) return [];
    const target = models.model.catalog.entities.get(field.target)!;
    const deeper = create.flatMap(one => expandMade(models, target, one) ?? []);
    const expand = [...new Map(deeper.map(item => [item.path[0], item])).values()];
    return [{ path: [relation], options: { expand }, at: 0 }];
  });
  return items.length > 0 ? items : undefined;
}

/** @param made the data of a new entity; absent for one that already existed */
export function answerWritten(
  write: WriteRequest,
  entity: Entity,
  showing: Showing,
  { answer: { text, truncated }, made }: { readonly answer: ReadAnswer; readonly made?: ChangeData },
): Answer {
  const { form, service } = write;
  const root = `${service.config.publicUrl}${rootPath}/`;
  const applied = showing.applied && { 'preference-applied': `return=${showing.applied}` };
  if (showing.shows === 'nothing')
    return { status: 204, headers: { ...applied, ...madeAddress(root, entity, made) } };
  const { values, rest } = takeMembers(text, 1 + entity.key.length);
  const [version, ...key] = values as [string, ...string[]];
  const address = root + entityUrl(entity, key);
  const headers = { etag: tagOf(version), ...(made && { location: address }), ...applied };
  if (showing.shows === 'address') return { status: 204, headers: { ...headers, 'odata-entityid': address } };
  const lists: Record<string, string> =
    truncated.length > 0 ? { 'portolan-truncated': truncated.join(', ') } : {};
  return {
    status: made ? 201 : 200,
    headers: { 'content-type': form.contentType, ...headers, ...lists },
    body: withContext(write, showing.options, rest),
  };
}

function withContext(
  { form, resource, service }: WriteRequest,
  options: NestedOptions,
  rest: string,
): string {
  if (form.metadata === 'none') return rest;
  const { config, engine } = service;
  const text = annotateJson(engine.catalog, form, `${config.publicUrl}${rootPath}`, rest);
  const fragment = entityContext({ ...resource, many: false }, options);
  const context = JSON.stringify(`${config.publicUrl}${rootPath}/$metadata#${fragment}`);
  const member = `"${form.prefix}context":${context}`;
  return text === '{}' ? `{${member}}` : `{${member},${text.slice(1)}`;
}

/** The URL of a new entity that the caller may not read, built from the values that they sent. */
function madeAddress(root: string, entity: Entity, made?: ChangeData): Record<string, string> {
  if (!made) return {};
  const sent = new Map(made.values.map(({ field, literal }) => [field, literal.value]));
  const key = waysToOne(entity).find(names => names.every(name => isPlain(sent.get(name))));
  if (!key) return {};
  const values = key.map(name => JSON.stringify(sent.get(name)));
  const isKey = key.join() === entity.key.join();
  const address =
    root +
    (isKey
      ? entityUrl(entity, values)
      : alternateUrl(
          entity,
          key.map((name, index) => [name, values[index]!]),
        ));
  return { location: address, 'odata-entityid': address };
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
