import { type Fault, fault } from '../../base/errors.ts';

export const nestedBatch = () =>
  fault('INVALID_OPERATION', 'A batch cannot hold another one.', { target: 'url' });

export const failedDependency = () =>
  fault('FAILED_DEPENDENCY', 'A request that this one depends on did not succeed.', { target: 'dependsOn' });

/** An answer that flows has no end that could be waited for. */
export function tooLong(body: ReadableStream): Fault {
  body.cancel().catch(() => {});
  return fault('LIMIT_EXCEEDED', 'This answer is too long for a batch.', {
    hint: 'Send the request by itself.',
  });
}
