import { fault } from '../../base/errors.ts';

export const notFound = () => fault('NOT_FOUND', 'The entity does not exist.');
