const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** @returns a time that names its zone, or the start in UTC of a day; undefined for other texts and days that no calendar has */
export function readIsoTime(text: string): Date | undefined {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const exists =
    isoTime.test(text) && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  const time = new Date(text);
  return exists && !Number.isNaN(time.getTime()) ? time : undefined;
}
