import { randomUUID } from 'node:crypto';

/** Ids that are safe in logs and headers. */
const safe = /^[\w.-]{1,64}$/;

/** @returns the caller's `X-Request-Id` if it is safe, else a generated one */
export const requestId = (received: string | undefined): string =>
  received !== undefined && safe.test(received) ? received : randomUUID();
