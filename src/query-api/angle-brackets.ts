/** Matches strings and comments, where angle brackets are text, and angle brackets. */
const pieces = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"?|#[^\n\r]*|[<>]/g;

/** `products<id, name>` -> `products{id, name}`, character by character, so that offsets do not change. */
export const anglesToBraces = (text: string): string =>
  text.includes('<') || text.includes('>') ? text.replace(pieces, piece => braces[piece] ?? piece) : text;

const braces: Readonly<Record<string, string>> = { '<': '{', '>': '}' };
