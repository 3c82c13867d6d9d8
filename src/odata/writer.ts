// Requests that change something.

import type { Handler } from './handler.ts';
import type { Service } from './prepare-request.ts';
import { notServed } from './syntax.ts';

/** @returns what answers POST, PUT, PATCH and DELETE */
export const createWriter = (_service: Service): Handler => {
  return request => {
    throw notServed(`${request.method} in OData`, undefined, 'OData is read-only here.');
  };
};
