// Local times -> UTC, by the time zones of the runtime.

const day = 86_400_000;
/** Offsets change at most every quarter of an hour. */
const quarter = 900_000;
const remembered = 20_000;

/** @returns the moment in milliseconds since 1970, or undefined for a time that the clocks of the zone skip */
export type ZoneReader = (local: number) => number | undefined;

/** @param local of the reader: the local time as if it were UTC. Of a time that occurs twice, the first is taken */
export function zoneReader(zone: string): ZoneReader {
  if (zone === 'UTC') return local => local;
  const offsets = new Map<number, number>();
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (moment: number): number => {
    const place = Math.floor(moment / quarter);
    const known = offsets.get(place);
    if (known !== undefined) return known;
    if (offsets.size >= remembered) offsets.clear();
    const offset = offsetOf(format, moment);
    offsets.set(place, offset);
    return offset;
  };
  return local => {
    const earlier = local - offsetAt(local - day);
    if (earlier + offsetAt(earlier) === local) return earlier;
    const later = local - offsetAt(local + day);
    return later + offsetAt(later) === local ? later : undefined;
  };
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** @returns milliseconds to add to UTC: `GMT+05:30`, `GMT-04:56:02`, `GMT` */
function offsetOf(format: Intl.DateTimeFormat, moment: number): number {
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')!.value;
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name);
  if (!match) return 0;
  const [, sign, hours, minutes, seconds = 0] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
