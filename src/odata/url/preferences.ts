// Preferences (RFC 7240; OData 4.01 Part 1, 8.2.8). Preference-Applied lists those that were applied. A custom header lists
// the others, since a client cannot otherwise tell an unknown preference from one that made no difference.

import type { Answer, Incoming } from '../../http/message/message.ts';

/** @returns the page size that the client prefers */
export function preferredPageSize(request: Pick<Incoming, 'header'>): number | undefined {
  const size = preference(request, 'maxpagesize') ?? '';
  return /^\d{1,9}$/.test(size) && Number(size) > 0 ? Number(size) : undefined;
}

/** @returns the value of a preference, whose prefix `odata.` is optional in 4.01; '' when it has no value */
export const preference = (request: Pick<Incoming, 'header'>, name: string): string | undefined =>
  preferencesIn(request.header('prefer')).find(one => bare(one.name) === name)?.value;

const ignoredMax = 20;

/** @returns the answer with a header that lists the ignored preferences */
export function withPreferences(answer: Answer, request: Pick<Incoming, 'header'>): Answer {
  const requested = preferencesIn(request.header('prefer'));
  if (requested.length === 0) return answer;
  const applied = new Set(preferencesIn(appliedIn(answer)).map(({ name }) => bare(name)));
  const names = requested.map(({ name }) => name).filter(name => !applied.has(bare(name)));
  const ignored = [...new Set(names)].slice(0, ignoredMax).join(', ');
  return ignored
    ? { ...answer, headers: { ...answer.headers, 'portolan-preference-ignored': ignored } }
    : answer;
}

const appliedIn = ({ headers }: Answer): string | undefined => headers?.['preference-applied'];

interface Preference {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** Commas in quotes do not separate items. */
const items = /(?:[^,;"]|"(?:[^"\\]|\\.)*")+/g;
/** Names are tokens (RFC 9110, 5.6.2), so it is safe to return them in a header. */
const item = /^\s*([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(.*?)\s*)?$/s;

function preferencesIn(text: string | undefined): Preference[] {
  if (text === undefined) return [];
  return [...text.matchAll(items)].flatMap(([written]) => {
    const [, name, value = ''] = item.exec(written) ?? [];
    return name === undefined ? [] : [{ name: name.toLowerCase(), value: value.replace(/^"(.*)"$/s, '$1') }];
  });
}

const bare = (name: string): string => name.replace(/^odata\./, '');
