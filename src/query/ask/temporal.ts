// Dates and times in ISO 8601 (RFC 3339) -> PostgreSQL's input format.

const dateTimeShape =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,12}))?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

/** @returns the time in UTC with all fractional digits, or undefined if it is invalid. Without an offset, the input is in UTC. */
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

/** @returns the date, or undefined if it is invalid. A time at midnight UTC is accepted as its date. */
export function toDate(text: string): string | undefined {
  const day = /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?Z)?$/i.exec(text)?.[1];
  return day && isDate(day) ? day : undefined;
}

/** @returns the time of day, or undefined if it is invalid */
export const toTime = (text: string): string | undefined =>
  /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?$/.test(text) ? text : undefined;

const durationShape =
  /^([+-]?)P(?=\d|T\d)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:\.(\d{1,12}))?S)?)?$/i;

/** @returns the duration (xs:dayTimeDuration) in seconds with all fractional digits, or undefined if it is invalid */
export function toDuration(text: string): string | undefined {
  const match = durationShape.exec(text);
  if (!match) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0, fraction = '0'] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return `${sign === '-' ? '-' : ''}${whole}.${fraction} seconds`;
}

/** JavaScript's Date turns February 30 into a day in March, so the result is compared with the text. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith('0000');
}
