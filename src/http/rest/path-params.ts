import { fault } from '../../base/errors.ts';

/** @returns the parts of a path that stand where its template has names @throws NOT_FOUND for a malformed escape */
export function paramsOf(template: string, path: string): Record<string, string> {
  const segments = path.split('/');
  const named = template
    .split('/')
    .map((part, i) => [/^\{(.+)\}$/.exec(part)?.[1], segments[i] ?? ''] as const);
  return Object.fromEntries(
    named.flatMap(([name, text]) => (name === undefined ? [] : [[name, decoded(text, path)]])),
  );
}

function decoded(segment: string, path: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw fault('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}.`);
  }
}
