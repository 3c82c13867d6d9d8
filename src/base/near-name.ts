/** @returns `Did you mean "price"?` for the known name nearest to a wrong one, or undefined when none is near */
export function didYouMean(wrong: string, known: Iterable<string>): string | undefined {
  const near = nearestName(wrong, known);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

const lengthMax = 64;

/** @returns the known name with the fewest edits from the wrong one, if at most 40 % of it (and at least one) differ */
function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  if (wrong.length > lengthMax) return undefined;
  const limit = Math.max(1, Math.floor(wrong.length * 0.4));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) >= bestDistance) continue;
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(substitution, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
