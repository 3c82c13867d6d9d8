// A record's key as a caller writes it -> the key in the log.

import { fault } from '../base/errors.ts';
import { isObject } from '../base/is-object.ts';
import type { ColumnField, Entity } from '../catalog/catalog.ts';
import { keyColumns } from './log-function.ts';

/**
 * @param key the one value, or an object of values by field
 * @throws INVALID_VALUE if it is not a key of this entity
 */
export function toLoggedKey(entity: Entity, key: unknown): string {
  const columns = keyColumns(entity);
  const isRecord = isObject(key) && !isRaw(key);
  const values = isRecord ? columns.map(({ name }) => key[name]) : columns.length === 1 ? [key] : [];
  const known = !isRecord || Object.keys(key).every(name => entity.key.includes(name));
  const texts = values.map((value, index) => toText(columns[index]!, value));
  if (!known || texts.length === 0 || texts.includes(undefined)) throw notAKey(entity);
  return texts.length === 1 ? texts[0]! : JSON.stringify(texts);
}

function toText({ type }: ColumnField, value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  const text = isRaw(value) ? value.rawJSON : typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  if (type.scalar === 'Uuid') return text.toLowerCase();
  if (type.scalar === 'Enum') return type.enum!.values.find(({ name }) => name === text)?.stored ?? text;
  return type.scalar === 'DateTime' ? toMomentText(text, type.sqlType === 'timestamptz') : text;
}

function toMomentText(text: string, zoned: boolean): string {
  const [, date, time, fraction] = /^([^T]+)T(.*?)(?:\.(\d*?)0*)?Z$/.exec(text) ?? [];
  return date === undefined ? text : `${date} ${time}${fraction ? `.${fraction}` : ''}${zoned ? '+00' : ''}`;
}

const isRaw = (value: unknown): value is { rawJSON: string } => isObject(value) && 'rawJSON' in value;

const notAKey = ({ name, key }: Entity) =>
  fault('INVALID_VALUE', `This is not a key of ${name}.`, {
    hint:
      key.length === 1
        ? `Use the value of "${key[0]}".`
        : `Use {${key.map(one => ` ${one}: …`).join(',')} }.`,
    target: 'key',
  });
