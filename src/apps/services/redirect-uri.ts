// Where an app's users may be sent back to: RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 section 4.1.3.

import { type Fault, fault } from '../../base/errors.ts';

const countMax = 20;
const lengthMax = 1_000;
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** @returns them, each once @throws INVALID_VALUE saying what is wrong with which */
export function checkRedirectUris(texts: readonly string[]): string[] {
  const uris = [...new Set(texts.map(text => text.trim()).filter(Boolean))];
  if (uris.length > countMax) throw invalid(`An app has at most ${countMax} redirect URIs.`);
  for (const uri of uris) checkRedirectUri(uri);
  return uris;
}

function checkRedirectUri(text: string): void {
  const shown = `"${text.slice(0, 100)}"`;
  if (text.length > lengthMax) throw invalid(`${shown} is longer than ${lengthMax} characters.`);
  // Whatever one reader takes for the host and another for something else.
  if (!/^[\x21-\x7e]+$/.test(text) || /[\\"<>^`{|}]/.test(text))
    throw invalid(`${shown} contains a character that is not allowed in a URI.`);
  if (text.includes('*'))
    throw invalid(`${shown} contains a wildcard.`, 'Register each redirect URI in full.');
  if (text.includes('#')) throw invalid(`${shown} contains a fragment.`);
  const url = URL.parse(text);
  if (!url) throw invalid(`${shown} is not an absolute URI.`, 'Example: https://example.com/oauth/callback.');
  checkScheme(url, shown);
  if (url.username || url.password) throw invalid(`${shown} contains a user name or password.`);
  // It is compared as text: what a browser would write otherwise could never fit.
  if (url.href !== text && url.href !== `${text}/`)
    throw invalid(`${shown} is not in normalized form.`, `Use ${url.href}`);
}

function checkScheme({ protocol, hostname }: URL, shown: string): void {
  if (protocol === 'https:') return;
  if (protocol === 'http:') {
    if (loopbackHosts.has(hostname)) return;
    throw invalid(
      `${shown} uses http.`,
      'Use https. http is allowed only on localhost, such as http://127.0.0.1/…',
    );
  }
  // RFC 8252 section 7.1: a domain name of the app's maker, turned around. That excludes javascript:, data: and file:.
  if (/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(protocol)) return;
  throw invalid(
    `${shown} has a scheme that is not allowed.`,
    'Use https, http on localhost, or for native apps a scheme with a dot, such as com.example.app:/callback.',
  );
}

/**
 * Whether an address that an app asks for is one of its own: the same character by character, except for the port on
 * loopback addresses, which native apps learn only when they listen (RFC 8252 section 7.3).
 */
export const allowsRedirect = (registered: readonly string[], asked: string): boolean =>
  registered.includes(asked) || registered.some(uri => differsInPort(uri, asked));

function differsInPort(registered: string, asked: string): boolean {
  const [own, other] = [loopback(registered), loopback(asked)];
  return own !== undefined && own === other;
}

/** @returns a loopback address without its port; undefined for all others */
function loopback(text: string): string | undefined {
  if (!text.startsWith('http://')) return undefined;
  const url = URL.parse(text);
  if (!url || !loopbackHosts.has(url.hostname) || url.href !== text) return undefined;
  if (url.username || url.password || text.includes('#')) return undefined;
  url.port = '';
  return url.href;
}

/** @returns what users see of a redirect URI */
export function placeOf(redirectUri: string): string {
  const url = URL.parse(redirectUri);
  if (!url) return redirectUri;
  if (!/^https?:$/.test(url.protocol)) return `the app that opens ${url.protocol.slice(0, -1)}`;
  return loopbackHosts.has(url.hostname) ? `a program on this computer (${url.host})` : url.host;
}

const invalid = (message: string, hint?: string): Fault =>
  fault('INVALID_VALUE', message, { target: 'redirectUris', hint });
