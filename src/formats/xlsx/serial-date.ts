// Dates and times as the days since the end of 1899 by which spreadsheets know them (ECMA-376 Part 1, 18.17.4).

const dayMs = 86_400_000;
/** Days from the epoch of serial dates to that of Unix time. */
const unixEpoch = 25_569;
/** 1 March 1900. Spreadsheets believe that 1900 was a leap year, so earlier dates mean different days to different programs. */
const serialMin = 61;
/** The end of 9999. */
const serialMax = 2_958_466;

const dateShape = /^\d{4}-\d\d-\d\d$/;
const dateTimeShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;
const timeShape = /^([01]\d|2[0-3]):(\d\d):(\d\d(?:\.\d{1,3})?)$/;

/** @returns undefined for a date that spreadsheets do not have */
export const dateSerial = (text: string): string | undefined =>
  dateShape.test(text) ? serialOf(Date.parse(text)) : undefined;

/** @returns the serial date in UTC, exact to the millisecond; undefined for a time with microseconds, or out of range */
export const dateTimeSerial = (text: string): string | undefined =>
  dateTimeShape.test(text) ? serialOf(Date.parse(text)) : undefined;

/** @returns the fraction of a day, exact to the millisecond */
export function timeSerial(text: string): string | undefined {
  const [, hours, minutes, seconds] = timeShape.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return String((Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) / 86_400);
}

function serialOf(ms: number): string | undefined {
  const nearest = ms / dayMs + unixEpoch;
  // Some programs cut what is below a millisecond, and the nearest serial date can be just below.
  const serial = isBelow(nearest, ms) ? (ms + halfMicrosecond) / dayMs + unixEpoch : nearest;
  return serial >= serialMin && serial < serialMax ? String(serial) : undefined;
}

const halfMicrosecond = 0.0005;

const isBelow = (serial: number, ms: number): boolean => Math.floor((serial - unixEpoch) * dayMs) < ms;
