// What is asked for beside what the client sees stands first in the engine's answer, and is taken off here.

/** A member whose value is neither a list nor an object. */
const member = /[{,]"(?:[^"\\]|\\.)*":("(?:[^"\\]|\\.)*"|[^,}]*)/y;

/** @param text of a JSON object @returns the first values as JSON texts, and the object without them */
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
