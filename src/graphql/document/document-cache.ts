// Caches parsed documents by text, and by shape: texts that differ only in literals share one document.

import { type DocumentNode, type GraphQLSchema, Source } from 'graphql';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import { checkSize } from './check-size.ts';
import { type LiftedDocument, liftLiterals, literalValues } from './lift-literals.ts';
import type { DocumentLimits } from './limits.ts';
import { splitLiterals } from './split-literals.ts';

interface Syntax {
  /** Part of the cache key: keeps the operations of each syntax apart. */
  readonly name: string;
  /** @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED */
  readonly parse: (source: Source) => DocumentNode;
}

/** The document shared by texts of one shape, with the literals of this text as variables. */
export interface ShapedDocument {
  readonly document: DocumentNode;
  readonly literals: Readonly<Record<string, unknown>>;
}

const countMax = 1_000;
/** A parsed document takes about 100 bytes per character of its text. */
const charactersMax = 500_000;
/** Longer texts rarely recur with other literals. */
const shapedCharactersMax = 5_000;

export class DocumentCache {
  readonly syntax: Syntax;
  readonly #limits: DocumentLimits;
  readonly #documents = new BoundedCache<DocumentNode>(countMax, charactersMax);
  /** `false`: the literals of this shape cannot be turned into variables. */
  readonly #shapes = new BoundedCache<LiftedDocument | false>(countMax, charactersMax);

  constructor(limits: DocumentLimits, syntax: Syntax) {
    this.#limits = limits;
    this.syntax = syntax;
  }

  /** @returns the same document for the same text @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED */
  open(text: string): DocumentNode {
    const known = this.#documents.get(text);
    if (known) return known;
    const document = this.syntax.parse(new Source(text));
    checkSize(document, this.#limits);
    this.#documents.set(text, document);
    return document;
  }

  /** @returns the valid document for this text's shape, if the text itself is not cached but its shape is */
  openShape(text: string): ShapedDocument | undefined {
    if (text.length > shapedCharactersMax || this.#documents.get(text)) return undefined;
    const split = splitLiterals(text);
    const lifted = split && this.#shapes.get(split.shape);
    if (!lifted) return undefined;
    const literals = literalValues(split.literals, lifted);
    return literals && { document: lifted.document, literals };
  }

  /** @param document the parsed text, valid against the schema */
  learnShape(text: string, document: DocumentNode, schema: GraphQLSchema): void {
    if (text.length > shapedCharactersMax) return;
    const split = splitLiterals(text);
    if (!split || split.literals.length === 0 || this.#shapes.get(split.shape) !== undefined) return;
    this.#shapes.set(split.shape, liftLiterals(document, split.literals, schema) ?? false);
  }
}
