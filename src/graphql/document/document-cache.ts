// Texts -> documents, each parsed once while it is in use; and shapes of texts -> documents for all texts of that shape.

import { type DocumentNode, type GraphQLSchema, Source } from 'graphql';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import { checkSize } from './check-size.ts';
import { type LiftedDocument, liftLiterals, literalValues } from './lift-literals.ts';
import type { DocumentLimits } from './limits.ts';
import { splitLiterals } from './split-literals.ts';

interface Syntax {
  /** Tells cached operations of one syntax from those of another. */
  readonly name: string;
  /** @throws GraphQLError with code SYNTAX_ERROR; LIMIT_EXCEEDED */
  readonly parse: (source: Source) => DocumentNode;
}

/** A document of the text's shape, with what stands for the text's literals. */
export interface ShapedDocument {
  readonly document: DocumentNode;
  readonly literals: Readonly<Record<string, unknown>>;
}

const countMax = 1_000;
/** A parsed document takes about a hundred bytes for each character of its text. */
const charactersMax = 500_000;
/** Longer texts are not likely to come again with other literals. */
const shapedCharactersMax = 5_000;

export class DocumentCache {
  readonly syntax: Syntax;
  readonly #limits: DocumentLimits;
  readonly #documents = new BoundedCache<DocumentNode>(countMax, charactersMax);
  /** `null`: the literals of this shape cannot be lifted out. */
  readonly #shapes = new BoundedCache<LiftedDocument | null>(countMax, charactersMax);

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

  /** @returns a valid document of this text's shape, when the text itself is not known but one of its shape was learnt */
  openShape(text: string): ShapedDocument | undefined {
    if (text.length > shapedCharactersMax || this.#documents.get(text)) return undefined;
    const split = splitLiterals(text);
    const lifted = split && this.#shapes.get(split.shape);
    if (!lifted) return undefined;
    const literals = literalValues(split.literals, lifted);
    return literals && { document: lifted.document, literals };
  }

  /** @param document of this text, valid against the schema */
  learnShape(text: string, document: DocumentNode, schema: GraphQLSchema): void {
    if (text.length > shapedCharactersMax) return;
    const split = splitLiterals(text);
    if (!split || split.literals.length === 0 || this.#shapes.get(split.shape) !== undefined) return;
    this.#shapes.set(split.shape, liftLiterals(document, split.literals, schema) ?? null);
  }
}
