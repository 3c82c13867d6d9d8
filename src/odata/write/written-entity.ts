// What is answered of an entity that was written (OData 4.01 Part 1, 8.2.8.7, 8.3, 11.4.2): as it is now, or only where it
// lies. Whoever may write without reading is shown nothing.

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

/** How an entity that was written is shown. */
export interface Showing {
  readonly select: readonly Selection[];
  readonly shows: 'entity' | 'address' | 'nothing';
  /** What of the preference return is followed. */
  readonly applied?: 'representation' | 'minimal';
  readonly options: NestedOptions;
}

/** @param data what is made, whose records within one another are shown as they were given */
export function showingOf(write: WriteRequest, entity: Entity, made?: ChangeData): Showing {
  const { model, form, options: asked, readable } = write;
  const visible = readable.sets.get(entity.set);
  const wanted = preference(write.request, 'return')?.toLowerCase();
  if (!visible) {
    const select = [{ kind: 'constant', as: '@', value: '' } as const];
    return { select, shows: 'nothing', applied: wanted === 'minimal' ? wanted : undefined, options: {} };
  }
  const known = wanted === 'representation' || wanted === 'minimal' ? wanted : undefined;
  const names = asked.select !== undefined || asked.expand !== undefined;
  const shows =
    (known ?? (made || names ? 'representation' : 'minimal')) === 'minimal' ? 'address' : 'entity';
  const head = [
    { kind: 'version', as: '@' } as const,
    ...entity.key.map((field, index) => ({ kind: 'field', field, as: `@${index}` }) as const),
  ];
  const showing = { shows, applied: known } as const;
  if (shows === 'address') return { ...showing, select: head, options: {} };
  const options = { ...asked, expand: asked.expand ?? (made && expandMade(write, entity, made)) };
  const plain = { catalog: model.catalog, budget: new Budget(), alias: asked.alias };
  const translation = withComputed(plain, visible, options.compute);
  const links = linkParts(write.service.config.publicUrl, write.request);
  return {
    ...showing,
    options,
    select: [...head, ...toSelections({ model: readable, form, translation, links }, visible, options)],
  };
}

/** A deep insert is answered as deep as it went, as far as the caller may read it. */
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

/** @param made what a new entity was made of; absent for one that existed before */
export function answerWritten(
  write: WriteRequest,
  entity: Entity,
  showing: Showing,
  { text, truncated }: ReadAnswer,
  made?: ChangeData,
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

/** Of a new entity that its maker may not read: by what the maker said of it. */
function madeAddress(root: string, entity: Entity, made?: ChangeData): Record<string, string> {
  if (!made) return {};
  const given = new Map(made.values.map(({ field, literal }) => [field, literal.value]));
  const way = waysToOne(entity).find(names => names.every(name => isPlain(given.get(name))));
  if (!way) return {};
  const values = way.map(name => JSON.stringify(given.get(name)));
  const isKey = way.join() === entity.key.join();
  const address =
    root +
    (isKey
      ? entityUrl(entity, values)
      : alternateUrl(
          entity,
          way.map((name, index) => [name, values[index]!]),
        ));
  return { location: address, 'odata-entityid': address };
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
