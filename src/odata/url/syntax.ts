// Faults and limits of the OData API for reading URLs.

import { type Fault, fault } from '../../base/errors.ts';

/** Characters of one option's value, percent-decoded. */
export const expressionLengthMax = 65_536;
/** Levels of nesting in one option's value: parentheses, operands, calls, expands. */
export const expressionDepthMax = 100;
/** Levels of the tree that an option's value becomes; chains of operators make it higher without nesting. */
export const expressionHeightMax = 300;
/** Operators, operands and list items in one option's value. */
export const expressionNodesMax = 20_000;
/** Segments of a resource path. */
export const pathSegmentsMax = 32;

/** @returns SYNTAX_ERROR at an offset into the request's source text (see `url.ts`) */
export const syntaxError = (message: string, at: number, hint?: string): Fault =>
  fault('SYNTAX_ERROR', message, { at, hint });

/** @returns NOT_IMPLEMENTED for OData features that are not supported: `notServed('$search', at)` */
export const notServed = (what: string, at?: number, hint?: string): Fault =>
  fault('NOT_IMPLEMENTED', `This service does not support ${what}.`, { at, hint });

/** @returns LIMIT_EXCEEDED */
export const tooMuch = (message: string, at: number): Fault => fault('LIMIT_EXCEEDED', message, { at });

/** Counts the nodes of a request after expanding `*`, $levels and aliases. One budget covers the whole request. */
export class Budget {
  #left = expressionNodesMax;

  /** @throws LIMIT_EXCEEDED */
  spend(at: number): void {
    if (--this.#left < 0)
      throw tooMuch('The request is too large after expanding "*", $levels and aliases.', at);
  }
}
