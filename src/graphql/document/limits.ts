// How large an operation may be. The waist checks rows and lists; these protect what comes before it.

import type { Limits } from '../../base/config/config.ts';

export interface DocumentLimits {
  /** Levels of nested selections. */
  readonly depthMax: number;
  /** Selected fields, fragments counted each time they are used. */
  readonly nodesMax: number;
  readonly tokensMax: number;
  /** Brackets within brackets, those of arguments included. */
  readonly nestingMax: number;
  readonly aliasesMax: number;
  readonly directivesMax: number;
  readonly rootFieldsMax: number;
}

export const documentLimits = ({ depthMax, nodesMax }: Limits): DocumentLimits => ({
  depthMax,
  nodesMax,
  tokensMax: 20_000,
  nestingMax: 200,
  aliasesMax: 200,
  directivesMax: 100,
  rootFieldsMax: 50,
});
