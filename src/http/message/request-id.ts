import { randomUUID } from 'node:crypto';

/** Ids that may stand in logs and headers as they are. */
const decent = /^[\w.-]{1,64}$/;

/** @returns the caller's `X-Request-Id` where it is decent, else one made up */
export const requestId = (given: string | undefined): string =>
  given !== undefined && decent.test(given) ? given : randomUUID();
