/** The usual form of a UUID, lower case, as the source of a regular expression that PostgreSQL reads as well. */
export const uuidSource = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';

const uuid = new RegExp(`^${uuidSource}$`, 'i');

/** Whether a text is a UUID with hyphens, in upper or lower case. PostgreSQL fails on anything else that it casts to one. */
export const isUuid = (text: string): boolean => uuid.test(text);
