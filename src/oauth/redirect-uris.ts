// What an app's redirect URIs say about the app itself.

/** Whether another program on the user's device could intercept the answer (RFC 8252 section 8.6). */
export const mayBeIntercepted = (redirectUri: string): boolean => !redirectUri.startsWith('https://');

/** @returns the origins of an app's web redirect URIs, from which its pages may call the server */
export const webOrigins = (registered: readonly string[]): Set<string> =>
  new Set(
    registered
      .map(uri => URL.parse(uri))
      .filter(url => url?.protocol === 'https:' || url?.protocol === 'http:')
      .map(url => url!.origin),
  );
