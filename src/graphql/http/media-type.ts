// https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types

import { fault } from '../../base/errors.ts';

export type ResponseType = 'application/json' | 'application/graphql-response+json';

/**
 * @param accept the header
 * @returns the response type: the first listed type that the server can produce; undefined if there is none
 */
export function responseType(accept: string | undefined): ResponseType | undefined {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json')
    return 'application/json';
  for (const range of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';').map(part => part.trim());
    if (
      parameters.some(parameter => /^charset=(?!"?utf-8)/.test(parameter) || /^q=0(?:\.0*)?$/.test(parameter))
    )
      continue;
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === 'application/*' || type === '*/*') return 'application/json';
  }
  return undefined;
}

export const notAcceptable = () =>
  fault('NOT_ACCEPTABLE', 'The response is not available in any of the accepted media types.', {
    hint: 'Send "Accept: application/json" or "Accept: application/graphql-response+json".',
  });
