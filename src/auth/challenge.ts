// The answers to requests that do not say, or say wrongly, who they are: 401 with challenges (RFC 9110 section 11.6.1).

import { type Fault, fault } from '../base/errors.ts';

/** Basic stands first: Excel and Power BI ask for a user name and a password only when they see it. */
const basic = 'Basic realm="Portolan", charset="UTF-8"';
const bearer = 'Bearer realm="Portolan"';
const howTo =
  'Send an API key in the header X-API-Key, or as the password of HTTP Basic (Excel, Power BI) with any user name.';

/** @param hint what this caller may have overlooked */
export const unauthenticated = (hint = howTo): Fault =>
  fault('UNAUTHENTICATED', 'This needs a credential.', {
    hint,
    headers: { 'www-authenticate': `${basic}, ${bearer}` },
  });

/** The one answer for unknown, wrong and revoked keys, and for keys of disabled users: it must not tell which. */
export const invalidKey = (): Fault => invalidCredential('This API key is not valid.', howTo);

/** Only for who presented the right secret. */
export const expiredKey = (expiresAt: number): Fault =>
  invalidCredential(
    `This API key expired on ${new Date(expiresAt).toISOString()}.`,
    'Create a new one, and use it instead.',
    true,
  );

/** Tells nothing that the presented text does not: no key was looked for. */
export const malformedKey = (): Fault =>
  invalidCredential(
    'This is not a whole API key.',
    'A key is pk_, 12 characters, _ and 49 characters. Its checksum does not fit: was a part cut off or mistyped?',
  );

/** RFC 6750 section 3.1 @param genuine whether it was good once */
export const invalidToken = (hint: string, genuine?: boolean): Fault =>
  fault('INVALID_CREDENTIAL', 'This access token is not valid.', {
    hint,
    genuine,
    headers: { 'www-authenticate': `${basic}, ${bearer}, error="invalid_token"` },
  });

/** The one answer for tokens of whatever fault: it must not tell which. @param genuine whether it was good once */
export const deadToken = (genuine: boolean): Fault =>
  invalidToken(
    'It may have expired or been revoked: use the refresh token, or ask the user for access again.',
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
