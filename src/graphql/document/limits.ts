// Limits on the size of an operation. The query engine limits rows and lists; these limits protect the stages before it.

import type { Limits } from '../../base/config/config.ts';

export interface DocumentLimits {
  /** Levels of nested selections. */
  readonly depthMax: number;
  /** Selected fields; a fragment counts once per use. */
  readonly nodesMax: number;
  readonly tokensMax: number;
  /** Nesting depth of brackets, including those in arguments. */
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
