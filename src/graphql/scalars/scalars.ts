// Scalars for values that the built-in ones cannot represent safely.

import { isUuid } from '../../base/uuid.ts';
import { toDate, toDateTime, toTime } from '../../query/ask/temporal.ts';
import { exactScalar } from './exact-scalar.ts';
import { textScalar } from './text-scalar.ts';

const digitsMax = 1000;

export const Decimal = exactScalar({
  name: 'Decimal',
  description: 'An exact decimal number, returned as a string: "19.99". Accepts a string or a number.',
  accepts: text => text.length <= digitsMax && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text),
  example: '19.99 or "19.99"',
});

export const BigIntScalar = exactScalar({
  name: 'BigInt',
  description: 'A 64-bit integer, returned as a string: "9007199254740993". Accepts a string or a number.',
  accepts: text => /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
  example: '42 or "42", of at most 64 bits',
});

export const DateTime = textScalar({
  name: 'DateTime',
  description:
    'A timestamp, returned in UTC: "2026-01-31T12:00:00.000Z". Accepts any offset; the default is UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  accepts: text => toDateTime(text) !== undefined,
  example: '2026-01-31T12:00:00Z',
  write: value => (value instanceof Date ? value.toISOString() : String(value)),
});

export const DateScalar = textScalar({
  name: 'Date',
  description: 'A date without a time: "2026-01-31".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  accepts: text => toDate(text) !== undefined,
  example: '2026-01-31',
});

export const Time = textScalar({
  name: 'Time',
  description: 'A time of day without a date: "08:30:00".',
  accepts: text => toTime(text) !== undefined,
  example: '08:30:00',
});

export const Uuid = textScalar({
  name: 'Uuid',
  description: 'A UUID in lower case: "3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10". Accepts upper case too.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
  accepts: isUuid,
  example: '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
});

export const Bytes = textScalar({
  name: 'Bytes',
  description: 'Binary data in base64: "3q2+7w==".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
  accepts: text => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text),
  example: '3q2+7w==',
  write: value => Buffer.from(value as Uint8Array).toString('base64'),
});
