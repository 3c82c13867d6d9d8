const lengthMax = 2_000;

/**
 * Where to go on afterwards: a path of this server, and nothing that a browser could take for another address.
 * @returns the path as given, or the other one
 */
export function localPath(wanted: string | undefined | null, otherwise: string): string {
  if (!wanted || wanted.length > lengthMax) return otherwise;
  // Browsers read `\` as `/`, pass over tabs and line breaks, and take `//host` for an address.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return otherwise;
  const base = 'http://local.invalid';
  const url = URL.parse(wanted, base);
  if (url?.origin !== base || url.pathname.startsWith('//')) return otherwise;
  return wanted;
}
