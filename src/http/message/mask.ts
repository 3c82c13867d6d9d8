import { Fault, fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Received } from './message.ts';

/** @returns the fault itself, or INTERNAL for any unexpected error, whose details are only in the log */
export function mask(error: unknown, request: Pick<Received, 'id' | 'gone'>, log: Logger): Fault {
  if (error instanceof Fault) return error;
  if (!request.gone) log.error({ requestId: request.id, error }, 'unexpected error');
  return fault('INTERNAL', 'Something went wrong.', {
    hint: 'Look up this request id in the server log.',
    cause: error,
  });
}
