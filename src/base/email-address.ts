// What an e-mail address is here: the same for accounts, and for what people say about themselves.

const lengthMax = 254;

/** Lower case: no two mailboxes differ only in case. */
export const normalEmail = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** RFC 5321 allows more, which no mail server gives out, and which does harm in headers. A host on its own is fine: `localhost`. */
export const isEmail = (text: string): boolean =>
  text.length <= lengthMax && /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+$/u.test(text);
