// The changes of a list since a position in the change log (OData JSON Format 4.01, 15): changed rows as they are now, and
// rows that were removed from the list.

import { parseVerbatimJson } from '../../base/exact-json.ts';
import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { finalPosition } from '../../changes/final-position.ts';
import { readChanges } from '../../changes/read-changes.ts';
import { checkKept } from '../../changes/retention.ts';
import { keyName, type Row, RowReader } from '../../changes/row-reader.ts';
import { showKey } from '../../changes/show-change.ts';
import type { StoredChange } from '../../changes/stored-change.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { whereFound } from '../../query/ask/where-found.ts';
import { permittedOf } from '../../query/permitted/permitted-catalog.ts';
import { deltaQuery } from '../answer/next-link.ts';
import { entityUrl } from '../model/entity-url.ts';
import type { Service } from '../model/service.ts';
import { annotate } from '../translate/full-metadata.ts';
import type { JsonForm } from '../url/media-type.ts';
import { rootPath } from '../url/service-root.ts';
import { gone, openPosition, sealPosition, type Tracked } from './delta-token.ts';

export interface PreparedDelta {
  readonly kind: 'delta';
  readonly entity: Entity;
  readonly query: EntityQuery;
  readonly tracked: Tracked;
  readonly token: string;
  /** Changes per page. */
  readonly pageSize: number;
  readonly form: JsonForm;
  /** The context URL; absent with `metadata=none`. */
  readonly context?: string;
}

/** @throws GONE */
export async function answerDelta(
  service: Service,
  prepared: PreparedDelta,
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  const { tracked, form, context } = prepared;
  const { cursors } = service.engine;
  const after = openPosition(cursors, tracked, prepared.token);
  const { changes, next, isLast } = await changesAfter(service, prepared, after, request.signal);
  const visible = changes.filter(change => mayKnow(service, prepared, principal, change));
  const entries = await toEntries(service, prepared, visible, principal);
  const query = deltaQuery(request.query, sealPosition(cursors, tracked, next));
  const link = `${service.config.publicUrl}${request.path}?${query}`;
  const { prefix } = form;
  const body = {
    ...(context !== undefined && { [`${prefix}context`]: context }),
    value: entries,
    [`${prefix}${isLast ? 'deltaLink' : 'nextLink'}`]: link,
  };
  return { status: 200, headers: { 'content-type': form.contentType }, body: JSON.stringify(body) };
}

interface Found {
  /** Oldest first. */
  readonly changes: readonly StoredChange[];
  /** The position up to which they are complete. */
  readonly next: bigint;
  readonly isLast: boolean;
}

async function changesAfter(
  { database }: Service,
  { entity, pageSize }: PreparedDelta,
  after: bigint,
  signal: AbortSignal,
): Promise<Found> {
  try {
    await checkKept(database, after);
  } catch (error) {
    throw gone('The changes since this delta link are no longer stored.', error);
  }
  const upTo = (await finalPosition(database, [entity], signal)) ?? after;
  if (upTo <= after) return { changes: [], next: after, isLast: true };
  const changes = await readChanges(database, { entities: [entity.name], after, upTo, take: pageSize });
  const isLast = changes.length < pageSize;
  return { changes, next: isLast ? upTo : changes.at(-1)!.id, isLast };
}

/** A caller is not shown a change that touches only fields they may not read. */
function mayKnow(
  { engine }: Service,
  { entity }: PreparedDelta,
  principal: Principal,
  { kind, old, new: now }: StoredChange,
): boolean {
  if (kind !== 'update') return true;
  const { readable } = permittedOf(engine.permitted(principal), entity);
  return Object.keys(now ?? old ?? {}).some(name => readable.has(name));
}

/** Rows are read after the log, so they are never older than its entries. */
async function toEntries(
  service: Service,
  { entity, query, form }: PreparedDelta,
  changes: readonly StoredChange[],
  principal: Principal,
): Promise<object[]> {
  if (changes.length === 0) return [];
  const { select, where, search } = query;
  const reader = new RowReader(service.engine, {
    entity,
    principal,
    select,
    where: whereFound(where, search),
    parse: parseVerbatimJson,
    format: `odata-${form.numbers}`,
  });
  const rows = await reader.read({ changes, next: 0n, memo: new Map() }, changes);
  const root = `${service.config.publicUrl}${rootPath}/`;
  const entries: object[] = [];
  for (const [key, ofRow] of Map.groupBy(changes, change => change.key)) {
    const values = Object.values(showKey(entity, key)).map(value => JSON.stringify(value));
    const id = root + entityUrl(entity, values);
    const row = rows.get(key);
    if (row) {
      const shown = annotate(service.engine.catalog, form, root.slice(0, -1), withoutKey(entity, row));
      entries.push({ [`${form.prefix}id`]: id, ...(shown as object) });
    } else if (ofRow[0]!.kind !== 'insert') {
      const deleted = ofRow.at(-1)!.kind === 'delete' || !reader.isSelective;
      entries.push(removed(service, entity, form, { id, reason: deleted ? 'deleted' : 'changed' }));
    }
    // A row that was inserted and removed in between was never known to the client.
  }
  return entries;
}

function removed(
  { config }: Service,
  { set }: Entity,
  { prefix }: JsonForm,
  { id, reason }: { readonly id: string; readonly reason: 'deleted' | 'changed' },
): object {
  if (prefix === '@') return { '@removed': { reason }, '@id': id };
  const context = `${config.publicUrl}${rootPath}/$metadata#${set}/$deletedEntity`;
  return { '@odata.context': context, id, reason };
}

function withoutKey({ key }: Entity, row: Row): Row {
  const names = new Set(key.map((_, index) => keyName(index)));
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
}
