// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/

import { fault } from '../base/errors.ts';
import type { Incoming } from '../http/message/message.ts';

const lengthMax = 255;

/** @returns the key of the header, with or without the quotes around it @throws INVALID_VALUE */
export function idempotencyKey(request: Pick<Incoming, 'header'>): string | undefined {
  const given = request.header('idempotency-key')?.trim();
  if (given === undefined) return undefined;
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (/^[\x21-\x7e]+$/.test(key) && key.length <= lengthMax) return key;
  throw fault(
    'INVALID_VALUE',
    `The header Idempotency-Key takes 1 to ${lengthMax} visible ASCII characters.`,
    {
      hint: 'Such as a UUID, a new one for each thing to be done once.',
      target: 'idempotency-key',
    },
  );
}
