// Members that the server reads for itself come first in the engine's answer. They are removed here.

/** Matches a member whose value is neither a list nor an object. */
const member = /[{,]"(?:[^"\\]|\\.)*":("(?:[^"\\]|\\.)*"|[^,}]*)/y;

/** @param text a JSON object @returns the first values as JSON texts, and the object without them */
export function takeMembers(text: string, count: number): { values: string[]; rest: string } {
  const values: string[] = [];
  member.lastIndex = 0;
  let end = 0;
  while (values.length < count) {
    const [, value] = member.exec(text) as unknown as [string, string];
    values.push(value);
    end = member.lastIndex;
  }
  const rest = text.slice(end);
  return { values, rest: rest.startsWith(',') ? `{${rest.slice(1)}` : `{${rest}` };
}
