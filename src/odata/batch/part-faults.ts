import { fault } from '../../base/errors.ts';

export const nestedBatch = () =>
  fault('INVALID_OPERATION', 'A batch cannot hold another one.', { target: 'url' });

export const failedDependency = () =>
  fault('FAILED_DEPENDENCY', 'A request that this one depends on did not succeed.', { target: 'dependsOn' });
