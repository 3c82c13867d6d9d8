// Errors for missing and invalid credentials: 401 with challenges (RFC 9110 section 11.6.1).

import { type Fault, fault } from '../base/errors.ts';

/** Basic comes first: Excel and Power BI ask for a user name and a password only when they see it. */
const basic = 'Basic realm="Portolan", charset="UTF-8"';
const bearer = 'Bearer realm="Portolan"';
const howTo =
  'Send an API key in the header X-API-Key, or as the password of HTTP Basic (Excel, Power BI) with any user name.';

/** @param hint what the caller can do */
export const unauthenticated = (hint = howTo): Fault =>
  fault('UNAUTHENTICATED', 'This request needs a credential.', {
    hint,
    headers: { 'www-authenticate': `${basic}, ${bearer}` },
  });

/** The same answer for unknown, wrong and revoked keys and for keys of disabled users: it must not reveal which. */
export const invalidKey = (): Fault => invalidCredential('This API key is not valid.', howTo);

/** Only for a caller who presented the right secret. */
export const expiredKey = (expiresAt: number): Fault =>
  invalidCredential(
    `This API key expired on ${new Date(expiresAt).toISOString()}.`,
    'Create a new API key.',
    true,
  );

/** Decided from the text only, without looking up a key, so it reveals nothing. */
export const malformedKey = (): Fault =>
  invalidCredential(
    'This API key is malformed.',
    'Its checksum does not match: characters are missing or mistyped. A key is pk_, 12 characters, _ and 49 characters.',
  );

/** RFC 6750 section 3.1 @param genuine whether the token was valid once */
export const invalidToken = (hint: string, genuine?: boolean): Fault =>
  fault('INVALID_CREDENTIAL', 'This access token is not valid.', {
    hint,
    genuine,
    headers: { 'www-authenticate': `${basic}, ${bearer}, error="invalid_token"` },
  });

/** The same answer for every invalid token: it must not reveal why. @param genuine whether the token was valid once */
export const inactiveToken = (genuine: boolean): Fault =>
  invalidToken(
    'It may have expired or been revoked. Use the refresh token, or ask the user for access again.',
    genuine,
  );

export const twoCredentials = (first: string, second: string): Fault =>
  fault('TWO_CREDENTIALS', 'The request carries two different credentials.', {
    hint: `Send one of them: ${first} or ${second}.`,
  });

export const invalidCredential = (message: string, hint: string, genuine?: boolean): Fault =>
  fault('INVALID_CREDENTIAL', message, {
    hint,
    genuine,
    headers: { 'www-authenticate': `${basic}, ${bearer}` },
  });
