import { fault } from '../../base/errors.ts';

export const notFound = () => fault('NOT_FOUND', 'There is no such entity.');
