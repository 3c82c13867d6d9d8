// The values that a URL compares with, taken out of it: what is left is the same for all URLs that differ in them alone.

import type { Incoming } from '../../http/message/message.ts';
import type { LiteralValue } from '../../query/ask/expression.ts';
import { belowRoot } from './service-root.ts';
import type { Token } from './tokens.ts';
import { toTokens } from './tokens.ts';
import { type Piece, splitQuery } from './url.ts';

export interface LiftedUrl {
  /** All that is said beside the values, and of what kind these are. */
  readonly shape: string;
  readonly values: readonly LiftedValue[];
}

interface LiftedValue {
  readonly value: LiteralValue;
  /** Where it stands, as the literal that is made of it says. */
  readonly at: number;
}

/** Keys are whole numbers, and nothing in the path is encoded or quoted. */
const plainPath = /^[\w/()$]*$/;
/** Few digits, so that each is a number of the same type. */
const keyPattern = /\((\d{1,9})\)/g;
/** Aliases may be used anywhere; the others are not prepared as plain reads are. */
const unlike = /@|%40|apply|compute|search|token/i;
const filterName = /^(?:\$|%24)?filter=/;
/** Stands for a value in a shape, and nowhere else. */
const mark = '\0';

/** @returns undefined where nothing can be taken out, or the URL is not a plain one */
export function liftValues(request: Pick<Incoming, 'path' | 'query'>): LiftedUrl | undefined {
  const path = belowRoot(request);
  const { query } = request;
  if (!plainPath.test(path) || unlike.test(query) || query.includes(mark)) return undefined;
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
    // Where it ends must be told from the options behind it.
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

/** As written: a string has its quotes, and those inside it twice. */
const lengthOf = ({ kind, text }: Token): number =>
  kind === 'string' ? text.length + 2 + text.split("'").length - 1 : text.length;
