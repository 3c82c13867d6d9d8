/**
 * Whether a Content-Type is JSON: `application/json`, and types that are based on it such as `application/graphql+json`.
 * Browsers never send one across sites without asking first, as HTML forms cannot have it.
 */
export const isJsonType = (contentType: string): boolean =>
  /^\s*(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType);
