// `if` of a request in a JSON batch (OData JSON Format 4.01, 19.1), limited to what has succeeded:
// `$1/$succeeded and not $2/$succeeded`.

/** Characters. This also bounds how deep a condition can be nested. */
const lengthMax = 1_000;
const token = /\s*(?:(\(|\)|\b(?:not|and|or|true|false)\b)|\$([\w.~-]+)\/\$succeeded\b)/iy;

/**
 * @param succeeded whether a request or changeset succeeded, by its id; undefined for unknown ids
 * @returns false also for a condition that cannot be parsed: a request with an unknown condition must not run
 */
export function holds(condition: string, succeeded: (id: string) => boolean | undefined): boolean {
  const tokens = tokensOf(condition);
  if (!tokens) return false;
  let next = 0;
  const accept = (word: string): boolean => {
    if (tokens[next]?.word !== word) return false;
    next++;
    return true;
  };
  const disjunction = (): boolean | undefined => {
    let value = conjunction();
    while (accept('or')) value = both(value, conjunction(), (a, b) => a || b);
    return value;
  };
  const conjunction = (): boolean | undefined => {
    let value = negation();
    while (accept('and')) value = both(value, negation(), (a, b) => a && b);
    return value;
  };
  const negation = (): boolean | undefined => {
    if (accept('not')) return inverse(negation());
    if (accept('(')) return closed(disjunction());
    const { word, id } = tokens[next++] ?? {};
    if (id !== undefined) return succeeded(id);
    return word === 'true' || (word === 'false' ? false : undefined);
  };
  const closed = (value: boolean | undefined) => (accept(')') ? value : undefined);
  return disjunction() === true && next === tokens.length;
}

interface Token {
  readonly word?: string;
  readonly id?: string;
}

function tokensOf(condition: string): Token[] | undefined {
  const text = condition.trim();
  if (text.length > lengthMax) return undefined;
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) return undefined;
    tokens.push({ word: found[1]?.toLowerCase(), id: found[2] });
  }
  return tokens;
}

const inverse = (value: boolean | undefined): boolean | undefined =>
  value === undefined ? undefined : !value;

const both = (
  a: boolean | undefined,
  b: boolean | undefined,
  join: (a: boolean, b: boolean) => boolean,
): boolean | undefined => (a === undefined || b === undefined ? undefined : join(a, b));
