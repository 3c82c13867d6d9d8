// Removes the values that a URL compares with. The rest is the same for all URLs that differ only in these values.

import type { Incoming } from '../../http/message/message.ts';
import type { LiteralValue } from '../../query/ask/expression.ts';
import { belowRoot } from './service-root.ts';
import type { Token } from './tokens.ts';
import { toTokens } from './tokens.ts';
import { type Piece, splitQuery } from './url.ts';

export interface LiftedUrl {
  /** Everything except the values, with the kind of each value. */
  readonly shape: string;
  readonly values: readonly LiftedValue[];
}

interface LiftedValue {
  readonly value: LiteralValue;
  /** The offset of the literal in the source text. */
  readonly at: number;
}

/** Keys are whole numbers, and nothing in the path is encoded or quoted. */
const plainPath = /^[\w/()$]*$/;
/** Few digits, so that all numbers have the same type. */
const keyPattern = /\((\d{1,9})\)/g;
/** Aliases may be used anywhere; requests with the other options are not prepared as plain reads. */
const excluded = /@|%40|apply|compute|search|token/i;
const filterName = /^(?:\$|%24)?filter=/;
/** Replaces a value in a shape, and occurs nowhere else. */
const mark = '\0';

/** @returns undefined when there is nothing to remove, or the URL is not a plain read */
export function liftValues(request: Pick<Incoming, 'path' | 'query'>): LiftedUrl | undefined {
  const path = belowRoot(request);
  const { query } = request;
  if (!plainPath.test(path) || excluded.test(query) || query.includes(mark)) return undefined;
  const values: LiftedValue[] = [];
  const pathShape = path.replace(keyPattern, (_, digits: string, index: number) => {
    values.push({ value: Number(digits), at: index + 1 });
    return `(${mark})`;
  });
  const queryShape = query.includes('ilter=') ? liftFromQuery(query, path.length + 1, values) : query;
  if (queryShape === undefined || values.length === 0) return undefined;
  return { shape: `${pathShape}?${queryShape}`, values };
}

function liftFromQuery(query: string, at: number, values: LiftedValue[]): string | undefined {
  const shapes: string[] = [];
  for (const pair of splitQuery(query, at)) {
    const name = filterName.exec(pair.raw)?.[0];
    const shape = name === undefined ? pair.raw : liftFromFilter(pair, name, values);
    if (shape === undefined) return undefined;
    shapes.push(shape);
  }
  return shapes.join('&');
}

function liftFromFilter(pair: Piece, name: string, values: LiftedValue[]): string | undefined {
  const base = pair.at + name.length;
  try {
    const text = decodeURIComponent(pair.raw.slice(name.length).replaceAll('+', ' '));
    if (text.includes(mark)) return undefined;
    let shape = name;
    let from = 0;
    for (const token of toTokens(text, base)) {
      const value = liftedFrom(token);
      if (value === undefined) continue;
      const start = token.at - base;
      shape += `${text.slice(from, start)}${mark}${token.kind}${mark}`;
      from = start + lengthOf(token);
      values.push({ value, at: token.at });
    }
    // The mark separates the filter from the options after it.
    return `${shape}${text.slice(from)}${mark}`;
  } catch {
    return undefined;
  }
}

function liftedFrom({ kind, text }: Token): LiteralValue | undefined {
  switch (kind) {
    case 'integer':
      return text.length <= 9 ? Number(text) : undefined;
    case 'string':
    case 'decimal':
    case 'guid':
    case 'date':
    case 'timeOfDay':
      return text;
    default:
      return undefined;
  }
}

/** Length as written: a string with its quotes, and inner quotes doubled. */
const lengthOf = ({ kind, text }: Token): number =>
  kind === 'string' ? text.length + 2 + text.split("'").length - 1 : text.length;
