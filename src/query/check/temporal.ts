// Dates and times as callers write them (ISO 8601, RFC 3339) -> as PostgreSQL reads them.

const dateTimeShape =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,12}))?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

/** @returns the moment in UTC with every digit of its second, or undefined when it is none. Without an offset it is UTC. */
export function toDateTime(text: string): string | undefined {
  const match = dateTimeShape.exec(text);
  if (!match) return undefined;
  const [, date, time = '00:00', fraction = '', offset = 'Z'] = match;
  if (!isDate(date!)) return undefined;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const moment = new Date(`${date}T${time}${zone}`);
  if (Number.isNaN(moment.getTime())) return undefined;
  const seconds = moment.toISOString().slice(0, -5);
  return `${seconds}${fraction && `.${fraction}`}Z`;
}

/** @returns the day, or undefined when it is none. A moment at midnight in UTC counts as its day. */
export function toDate(text: string): string | undefined {
  const day = /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?Z)?$/i.exec(text)?.[1];
  return day && isDate(day) ? day : undefined;
}

/** @returns the time of day, or undefined when it is none */
export const toTime = (text: string): string | undefined =>
  /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?$/.test(text) ? text : undefined;

const durationShape =
  /^([+-]?)P(?=\d|T\d)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:\.(\d{1,12}))?S)?)?$/i;

/** @returns the duration in seconds with every digit (xs:dayTimeDuration), or undefined when it is none */
export function toDuration(text: string): string | undefined {
  const match = durationShape.exec(text);
  if (!match) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0, fraction = '0'] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return `${sign === '-' ? '-' : ''}${whole}.${fraction} seconds`;
}

/** JavaScript's Date rolls the 30th of February over to March, so the text is compared with what comes back. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith('0000');
}
