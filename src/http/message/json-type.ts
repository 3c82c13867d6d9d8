/**
 * Whether a Content-Type is JSON: `application/json`, or a type based on it such as `application/graphql+json`.
 * HTML forms cannot send it, so browsers always send a preflight first for a cross-site request.
 */
export const isJsonType = (contentType: string): boolean =>
  /^\s*(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType);
