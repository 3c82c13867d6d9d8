import { readIsoTime } from '../../base/iso-time.ts';
import { UsageFault } from './usage-fault.ts';

const hourMs = 3_600_000;
const units: Record<string, number> = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs };

/** @param text `90d`, `12h`, `4w`, or a date or time such as 2027-01-01 (its start in UTC) @throws UsageFault */
export function readExpiry(text: string, now = Date.now()): Date {
  const expiry = readSpan(text, now) ?? readIsoTime(text);
  if (!expiry)
    throw new UsageFault(`"${text}" is not a valid value of --expires.`, 'Use 90d, 12h, 4w or 2027-01-01.');
  if (expiry.getTime() <= now) throw new UsageFault(`--expires ${text} is not in the future.`);
  return expiry;
}

function readSpan(text: string, now: number): Date | undefined {
  const span = readSpanMs(text);
  return span === undefined ? undefined : new Date(now + span);
}

/** @param text `90d`, `12h`, `4w` @returns undefined for anything else */
export function readSpanMs(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * units[unit]!;
}

/** @returns a sentence about an expiry time as the server writes it */
export const expiryOf = (expiresAt: string | null): string =>
  expiresAt === null ? 'It never expires.' : `It expires ${expiresAt}.`;
