import type { TokenStream } from '../url/token-stream.ts';

/** Reads names behind an opening parenthesis, which has been read, with the closing one. */
export function parseNames(tokens: TokenStream): string[] {
  const names: string[] = [];
  do {
    tokens.countNode();
    names.push(tokens.expect('name', 'a name').text);
  } while (tokens.accept(','));
  tokens.expect(')', 'a closing parenthesis');
  return names;
}
