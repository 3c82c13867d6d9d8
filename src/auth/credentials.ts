// Reads the credential of a request: one reader for each place where a credential can be.

import type { Incoming } from '../http/message/message.ts';
import { invalidCredential, invalidToken, twoCredentials } from './challenge.ts';
import { looksLikeApiKey } from './keys/api-key.ts';
import { refuseCrossSite } from './sessions/cross-site.ts';

export interface Credential {
  readonly kind: 'key' | 'token';
  /** The secret itself. Never log it. */
  readonly value: string;
  /** Where it was found, for error messages. */
  readonly place: string;
}

/** @returns undefined when the request has no credential in this place @throws INVALID_CREDENTIAL for a malformed one, FOREIGN_PAGE */
export type CredentialReader = (request: Incoming) => Credential | undefined;

/** The readers in use, in the order in which error messages name their places. */
export const credentialReaders = ({ apiKeyInQuery }: { apiKeyInQuery: boolean }): CredentialReader[] => [
  fromApiKeyHeader,
  fromBearer,
  fromBasic,
  ...(apiKeyInQuery ? [fromQuery] : []),
];

/** @returns the credential of a request, if any @throws TWO_CREDENTIALS, INVALID_CREDENTIAL, FOREIGN_PAGE */
export function readCredential(
  request: Incoming,
  readers: readonly CredentialReader[],
): Credential | undefined {
  let found: Credential | undefined;
  for (const read of readers) {
    const credential = read(request);
    if (!credential) continue;
    if (found && found.value !== credential.value) throw twoCredentials(found.place, credential.place);
    found ??= credential;
  }
  return found;
}

const fromApiKeyHeader: CredentialReader = request => {
  const value = onlyOne(request.header('x-api-key') ?? '', 'X-API-Key');
  return value === '' ? undefined : keyIn(value, 'X-API-Key');
};

const fromBearer: CredentialReader = request => {
  const value = underScheme(request, 'bearer');
  if (!value) return undefined;
  // Keys and tokens have different places, so that a token check never sees a long-lived key.
  if (looksLikeApiKey(value)) throw invalidToken('This is an API key: send it in the header X-API-Key.');
  return { kind: 'token', value, place: 'Authorization: Bearer' };
};

/** RFC 7617 section 2: the user name ends at the first colon, the rest is the password. */
const fromBasic: CredentialReader = request => {
  const value = underScheme(request, 'basic');
  if (value === undefined) return undefined;
  refuseCrossSite(request);
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0 || colon === pair.length - 1)
    throw invalidCredential(
      'The Basic credential has no password.',
      'Send the API key as the password, with any user name.',
    );
  return keyIn(pair.slice(colon + 1), 'Authorization: Basic');
};

const fromQuery: CredentialReader = request => {
  if (!request.query.includes('api_key')) return undefined;
  const all = new URLSearchParams(request.query).getAll('api_key');
  const values = new Set(all.filter(value => value.trim() !== ''));
  if (values.size > 1) throw twoCredentials('?api_key=', 'the other ?api_key=');
  const [value] = values;
  return value === undefined ? undefined : keyIn(value, '?api_key=');
};

const keyIn = (value: string, place: string): Credential => ({ kind: 'key', value: value.trim(), place });

/** @returns the credential after a scheme in `Authorization`; scheme names ignore case (RFC 9110 section 11.1) */
function underScheme(request: Incoming, scheme: string): string | undefined {
  const header = (request.header('authorization') ?? '').replace(/^[\s,]+/, '');
  if (header.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  const value = header.slice(scheme.length);
  return value === '' || value.startsWith(' ') ? onlyOne(value, 'Authorization') : undefined;
}

/**
 * A header that was sent twice arrives joined with a comma, which no credential contains. Empty values are ignored.
 */
function onlyOne(header: string, name: string): string {
  if (!header.includes(',')) return header.trim();
  const [first = '', ...more] = header
    .split(',')
    .map(part => part.trim())
    .filter(Boolean);
  if (more.length > 0) throw twoCredentials(`the first ${name}`, 'the second');
  return first;
}
