// What the redirect URIs of an app tell beyond where it may be answered.

/** Whether another program on the user's machine could get the answer: RFC 8252 section 8.6. */
export const mayBeIntercepted = (redirectUri: string): boolean => !redirectUri.startsWith('https://');

/** @returns the origins from which pages of an app call us: of its addresses on the web */
export const webOrigins = (registered: readonly string[]): Set<string> =>
  new Set(
    registered
      .map(uri => URL.parse(uri))
      .filter(url => url?.protocol === 'https:' || url?.protocol === 'http:')
      .map(url => url!.origin),
  );
