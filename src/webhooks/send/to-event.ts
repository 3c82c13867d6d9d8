// A change of the log -> the event for one webhook, cut to what its owner may read.

import { ulid } from 'ulid';
import { mayReadChanges, showChange } from '../../changes/show-change.ts';
import type { StoredChange } from '../../changes/stored-change.ts';
import { type PermittedCatalog, permittedOf } from '../../query/permitted/permitted-catalog.ts';
import { eventType, isSubscribed } from '../model/event-types.ts';
import type { Webhook } from '../model/webhook.ts';
import type { NewDelivery } from '../store/delivery-store.ts';

/** @returns undefined for a change that the webhook is not notified of */
export function toEvent(
  change: StoredChange,
  { events, fields }: Pick<Webhook, 'events' | 'fields'>,
  permitted: PermittedCatalog,
): NewDelivery | undefined {
  const entity = permitted.catalog.entities.get(change.entity)!;
  const type = eventType(entity, change.kind);
  if (!isSubscribed(events, type) || !mayReadChanges(permittedOf(permitted, entity))) return undefined;
  const shown = showChange(change, permitted);
  const isUpdate = change.kind === 'update';
  // That a field changed which may not be read must not be told either.
  if (isUpdate && shown.fields.length === 0) return undefined;
  if (isUpdate && fields.length > 0 && !shown.fields.some(({ name }) => fields.includes(name)))
    return undefined;
  const { id, key, position, at, actor } = shown;
  const content = isUpdate
    ? { changes: byName(shown.fields, ({ old, new: now }) => ({ old, new: now })) }
    : { record: byName(shown.fields, field => (change.kind === 'delete' ? field.old : field.new)) };
  return {
    id: newMessageId(),
    event: type,
    record: `${entity.name} ${change.key}`,
    changeId: change.id,
    payload: JSON.stringify({
      type,
      timestamp: at,
      data: { change: id, set: entity.set, key, position, actor, ...content },
    }),
  };
}

export const newMessageId = (): string => `msg_${ulid()}`;

const byName = <Field extends { readonly name: string }>(
  fields: readonly Field[],
  of: (field: Field) => unknown,
): Record<string, unknown> => Object.fromEntries(fields.map(field => [field.name, of(field)]));
