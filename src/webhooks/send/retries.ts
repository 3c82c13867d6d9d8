// When a delivery that failed is tried again: the schedule of Standard Webhooks, over about three days.

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** After the first attempt, the second, and so on. */
const delaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
/** So that deliveries that failed together are not retried together. */
const jitter = 0.2;
const retryAfterMaxMs = 24 * hour;

/**
 * @param attempts those made so far, at least 1
 * @param retryAfterMs what the receiver asked for
 * @returns milliseconds; undefined when it is not tried again
 */
export function retryDelayMs(attempts: number, retryAfterMs = 0): number | undefined {
  const delay = delaysMs[attempts - 1];
  if (delay === undefined) return undefined;
  const spread = delay * (1 + jitter * (2 * Math.random() - 1));
  return Math.round(Math.max(spread, Math.min(retryAfterMs, retryAfterMaxMs)));
}

/** RFC 9110, section 10.2.3. @returns milliseconds from now, 0 for a missing or malformed header */
export function retryAfterMs(header: string | undefined, now = Date.now()): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * second;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
