import type { TokenStream } from '../url/token-stream.ts';

/** Parses names up to the closing parenthesis; the opening one has been read. */
export function parseNames(tokens: TokenStream): string[] {
  const names: string[] = [];
  do {
    tokens.countNode();
    names.push(tokens.expect('name', 'a name').text);
  } while (tokens.accept(','));
  tokens.expect(')', 'a closing parenthesis');
  return names;
}
