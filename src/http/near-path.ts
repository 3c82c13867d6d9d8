import { didYouMean } from '../base/near-name.ts';

/** @returns `Did you mean "/api/query"?` if the path, or its beginning, resembles a known path */
export function nearPath(wrong: string, known: readonly string[]): string | undefined {
  const segments = wrong.split('/').slice(1);
  for (let length = segments.length; length > 0; length--) {
    const start = `/${segments.slice(0, length).join('/')}`;
    const near = didYouMean(
      start,
      known.filter(path => segmentCount(path) === length),
    );
    if (near) return near;
  }
  const longer = wrong.length > 1 && known.find(path => path.endsWith(wrong));
  return longer ? `Did you mean "${longer}"?` : undefined;
}

const segmentCount = (path: string): number => path.split('/').length - 1;
