// External authorization servers whose access tokens are accepted: TRUSTED_ISSUERS.

import type { EnvironmentReader } from './environment-reader.ts';

/** An external authorization server. */
export interface TrustedIssuer {
  /** As its tokens say it in `iss`. */
  readonly issuer: string;
  /** What its tokens must say in `aud`. */
  readonly audience: string;
  /** Where its keys are; undefined: where its metadata says. */
  readonly jwksUri?: string;
  /** The most that its tokens may do. */
  readonly scopes: readonly string[];
  /** The claim in which a token says what it may do of that; undefined: all of it. */
  readonly scopeClaim?: string;
  /** The e-mail address of the one person for whom all its tokens act; undefined: whose verified address a token says. */
  readonly actAs?: string;
}

const members = ['issuer', 'audience', 'jwksUri', 'scopes', 'scopeClaim', 'actAs'];
const help = `expected a JSON array of {${members.join(', ')}}`;

export function readTrustedIssuers(read: EnvironmentReader): readonly TrustedIssuer[] {
  const text = read.text('TRUSTED_ISSUERS');
  if (text === undefined) return [];
  const list = parse(text);
  if (!Array.isArray(list)) {
    read.fault('TRUSTED_ISSUERS', `is malformed; ${help}`);
    return [];
  }
  const issuers: TrustedIssuer[] = [];
  for (const [index, value] of list.entries()) {
    const problem = problemOf(value);
    if (problem) read.fault('TRUSTED_ISSUERS', `has a fault in entry ${index + 1}: ${problem}; ${help}`);
    else issuers.push(value as TrustedIssuer);
  }
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length)
    read.fault('TRUSTED_ISSUERS', 'names an issuer twice');
  return issuers;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const unknown = Object.keys(value).find(name => !members.includes(name));
  if (unknown !== undefined) return `"${unknown}" is unknown`;
  const { issuer, audience, jwksUri, scopes, scopeClaim, actAs } = value as Record<string, unknown>;
  if (!isSafeUrl(issuer)) return '"issuer" is no https:// address';
  if (typeof audience !== 'string' || audience === '') return '"audience" is missing';
  if (jwksUri !== undefined && !isSafeUrl(jwksUri)) return '"jwksUri" is no https:// address';
  if (!isTexts(scopes) || scopes.length === 0) return '"scopes" is no list of scopes';
  if (scopeClaim !== undefined && typeof scopeClaim !== 'string') return '"scopeClaim" is no name';
  if (actAs !== undefined && !(typeof actAs === 'string' && actAs.includes('@')))
    return '"actAs" is no e-mail address';
  return undefined;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string' && item !== '');

/** Plain HTTP only on this machine: anyone who can modify the response could sign for any user. */
export function isSafeUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url?.username !== '' || url.hash !== '') return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}
