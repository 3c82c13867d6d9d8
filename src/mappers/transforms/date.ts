import { compileDateFormat, type DateParts, type DateReader } from './date-format.ts';
import type { TransformOf } from './transform-schema.ts';
import { invalid, type TextStep, type ValueFault } from './value.ts';
import { zoneReader } from './zone.ts';

/** Files repeat dates. */
const remembered = 10_000;

export function date({ formats, locale }: TransformOf<'date'>): TextStep {
  const read = anyFormat(formats, locale);
  const fault = noDate('date', formats);
  return remembering(text => {
    const parts = read(text.trim());
    return parts ? isoDate(parts) : fault;
  });
}

export function dateTime({ formats, locale, zone }: TransformOf<'dateTime'>): TextStep {
  const read = anyFormat(formats, locale);
  const toMoment = zoneReader(zone);
  const fault = noDate('date and time', formats);
  const skipped = invalid(`The clocks in ${zone} skip this time.`);
  return remembering(text => {
    const parts = read(text.trim());
    if (!parts) return fault;
    const local = utcOf(parts);
    const moment = parts.offset === undefined ? toMoment(local) : local - parts.offset * 60_000;
    if (moment === undefined) return skipped;
    const seconds = new Date(moment).toISOString().slice(0, 19);
    return `${seconds}${parts.fraction && `.${parts.fraction}`}Z`;
  });
}

/** @param formats that were checked */
function anyFormat(formats: readonly string[], locale: string): DateReader {
  const readers = formats.map(format => {
    const compiled = compileDateFormat(format, locale);
    if ('error' in compiled) throw new Error(compiled.error);
    return compiled;
  });
  return text => {
    for (const read of readers) {
      const parts = read(text);
      if (parts) return parts;
    }
    return undefined;
  };
}

function remembering(step: TextStep): TextStep {
  const known = new Map<string, ReturnType<TextStep>>();
  return text => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= remembered) known.clear();
    const value = step(text);
    if (text.length <= 100) known.set(text, value);
    return value;
  };
}

const noDate = (what: string, formats: readonly string[]): ValueFault =>
  invalid(`Not a ${what} that exists, in the format ${formats.join(' or ')}.`);

const isoDate = ({ year, month, day }: DateParts): string =>
  `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

function utcOf({ year, month, day, hour, minute, second }: DateParts): number {
  const moment = new Date(0);
  // Date.UTC takes years below 100 for those of the twentieth century.
  moment.setUTCFullYear(year, month - 1, day);
  return moment.setUTCHours(hour, minute, second);
}
