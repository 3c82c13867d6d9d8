// A logged text -> the value as GraphQL writes it in a row: Decimal and BigInt as strings, times in ISO 8601.

import type { ValueType } from '../catalog/catalog.ts';

/** @returns a JSON value; numbers that JavaScript cannot represent keep their digits in `JSON.stringify` */
export function showValue(type: ValueType, text: string | null): unknown {
  if (text === null) return null;
  if (!type.list) return showScalar(type, text);
  return (JSON.parse(text) as (string | null)[]).map(item => item && showScalar(type, item));
}

function showScalar({ scalar, enum: enumType }: ValueType, text: string): unknown {
  switch (scalar) {
    case 'Int':
      return Number(text);
    case 'Float':
      return /\d/.test(text) ? Number(text) : text;
    case 'Boolean':
      return text.startsWith('t');
    case 'DateTime':
      return showMoment(text);
    case 'Bytes':
      return Buffer.from(text.slice(2), 'hex').toString('base64');
    case 'Enum':
      return enumType!.values.find(value => value.stored === text)?.name ?? text;
    case 'Json':
      return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
    default:
      return text;
  }
}

const moment = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/;

/** Infinities and years BC stay as PostgreSQL writes them. */
function showMoment(text: string): string {
  const [, date, time, fraction = ''] = moment.exec(text) ?? [];
  return date === undefined ? text : `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** Part of ECMAScript since 2025; TypeScript's library does not list it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const keepDigits = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value !== 'number' || source === undefined || String(value) === source ? value : rawJSON(source);
