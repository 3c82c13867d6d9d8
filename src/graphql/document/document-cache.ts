// Texts -> documents, each parsed once while it is in use.

import { type DocumentNode, Source } from 'graphql';
import { BoundedCache } from '../bounded-cache.ts';
import { checkSize } from './check-size.ts';
import type { DocumentLimits } from './limits.ts';

const countMax = 2_000;
const charactersMax = 8_000_000;

export class DocumentCache {
  readonly #documents = new BoundedCache<DocumentNode>(countMax, charactersMax);
  readonly #parse: (source: Source) => DocumentNode;
  readonly #limits: DocumentLimits;

  constructor(limits: DocumentLimits, parse: (source: Source) => DocumentNode) {
    this.#limits = limits;
    this.#parse = parse;
  }

  /** @returns the same document for the same text @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED */
  open(text: string): DocumentNode {
    const known = this.#documents.get(text);
    if (known) return known;
    const document = this.#parse(new Source(text));
    checkSize(document, this.#limits);
    this.#documents.set(text, document);
    return document;
  }
}
