/** @returns whether a JSON value has lists and objects within one another beyond so many levels. Never goes deeper itself. */
export function nestedDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some(item => nestedDeeperThan(item, levels - 1));
}
