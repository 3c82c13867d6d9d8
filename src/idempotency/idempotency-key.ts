// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/

import { fault } from '../base/errors.ts';
import type { Incoming } from '../http/message/message.ts';

const lengthMax = 255;

/** For the operations that support it. */
export const idempotencyHeader = {
  'Idempotency-Key':
    'A new UUID for each operation. Retries with the same key within 24 hours run it once and get the same response.',
} as const;

/** @returns the key of the header, with or without the quotes around it @throws INVALID_VALUE */
export function idempotencyKey(request: Pick<Incoming, 'header'>): string | undefined {
  const value = request.header('idempotency-key')?.trim();
  if (value === undefined) return undefined;
  const key = /^"(.*)"$/.exec(value)?.[1] ?? value;
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= lengthMax) return key;
  throw fault(
    'INVALID_VALUE',
    `The header Idempotency-Key must have 1 to ${lengthMax} visible ASCII characters.`,
    {
      hint: 'Use a new UUID for each operation.',
      target: 'idempotency-key',
    },
  );
}
