const lengthMax = 2_000;

/**
 * Checks a redirect target: it must be a path on this server that no browser reads as another address.
 * @returns `path` if it is safe, otherwise `fallback`
 */
export function localPath(path: string | undefined | null, fallback: string): string {
  if (!path || path.length > lengthMax) return fallback;
  // Browsers read `\` as `/`, ignore tabs and line breaks, and treat `//host` as an absolute address.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path)) return fallback;
  const base = 'http://local.invalid';
  const url = URL.parse(path, base);
  if (url?.origin !== base || url.pathname.startsWith('//')) return fallback;
  return path;
}
