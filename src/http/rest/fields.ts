// What bodies and options have in common. A message completes `"name" must be …`.

import * as v from 'valibot';
import { readIsoTime } from '../../base/iso-time.ts';

const isoTime = 'a time such as 2027-01-01 or 2027-01-01T12:00:00Z';

/** In a request: a time with its zone, or the day that it begins. */
export const time = (description = 'A time with its zone, or a day, which begins in UTC.') =>
  v.pipe(
    v.string(isoTime),
    v.metadata({ description, examples: ['2027-01-01', '2027-01-01T12:00:00Z'] }),
    v.check(text => readIsoTime(text) !== undefined, isoTime),
    v.transform(text => readIsoTime(text)!),
  );

export const texts = () => v.pipe(v.array(v.string('a string'), 'a list of strings'), v.readonly());

/** An option that is a number. @param max for the document; the service checks it */
export const numberOption = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.metadata({ type: 'integer', minimum: min, maximum: max }),
    v.check(text => /^\d{1,6}$/.test(text), `a number from ${min} to ${max}`),
    v.transform(Number),
  );

/** In a response: a time that may be missing. */
export const timeOrNull = () => v.nullable(v.date());

export const textOrNull = () => v.nullable(v.string());
