import { type Fault, fault } from '../../base/errors.ts';

export const nestedBatch = () =>
  fault('INVALID_OPERATION', 'A batch cannot contain another batch.', { target: 'url' });

export const failedDependency = () =>
  fault('FAILED_DEPENDENCY', 'A request that this one depends on did not succeed.', { target: 'dependsOn' });

/** A batch cannot wait for the end of a streamed answer. */
export function tooLong(body: ReadableStream): Fault {
  body.cancel().catch(() => {});
  return fault('LIMIT_EXCEEDED', 'The response is too long for a batch.', {
    hint: 'Send this request on its own.',
  });
}
