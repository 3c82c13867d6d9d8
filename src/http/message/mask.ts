import { Fault, fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Received } from './message.ts';

/** @returns the fault itself, or INTERNAL for whatever was not thrown on purpose, which only the log tells in full */
export function mask(error: unknown, request: Pick<Received, 'id' | 'gone'>, log: Logger): Fault {
  if (error instanceof Fault) return error;
  if (!request.gone) log.error({ requestId: request.id, error }, 'unexpected error');
  return fault('INTERNAL', 'Something went wrong here.', {
    hint: 'The request id leads to the cause in the log of the server.',
    cause: error,
  });
}
