// Selection strings: GraphQL selections without the outer braces. A whole document is one too.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type Source,
  type Token,
  TokenKind,
} from 'graphql';
// graphql-js exports its parser for syntax extensions.
import { Parser } from 'graphql/language/parser.js';
import { fault } from '../base/errors.ts';

/** @throws GraphQLError for syntax; MALFORMED_REQUEST if it is empty */
export function parseSelection(source: Source): DocumentNode {
  return isDocument(source)
    ? new Parser(source).parseDocument()
    : new SelectionParser(source).parseSelectionString();
}

const operations: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription']);

function isDocument(source: Source): boolean {
  const lexer = new Lexer(source);
  const first = lexer.advance();
  if (first.kind === TokenKind.EOF) throw nothingAsked();
  if (first.kind === TokenKind.BRACE_L) return true;
  return (
    (first.kind === TokenKind.NAME && operations.has(first.value)) || beginsFragment(first, lexer.advance())
  );
}

const nothingAsked = () =>
  fault('MALFORMED_REQUEST', '"query" is empty.', {
    target: 'query',
    hint: 'Send a selection, such as products { id, name }.',
  });

const beginsFragment = (token: Token, next: Token): boolean =>
  token.kind === TokenKind.NAME && token.value === 'fragment' && next.kind === TokenKind.NAME;

class SelectionParser extends Parser {
  parseSelectionString(): DocumentNode {
    const start = this._lexer.token;
    this.expectToken(TokenKind.SOF);
    const selections: SelectionNode[] = [];
    while (!this.peek(TokenKind.EOF) && !this.#atFragment()) selections.push(this.parseSelection());
    const operation = this.node<OperationDefinitionNode>(start, {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      selectionSet: this.node<SelectionSetNode>(start, { kind: Kind.SELECTION_SET, selections }),
    });
    const fragments: FragmentDefinitionNode[] = [];
    while (!this.peek(TokenKind.EOF)) fragments.push(this.parseFragmentDefinition());
    return this.node<DocumentNode>(start, { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] });
  }

  #atFragment(): boolean {
    return beginsFragment(this._lexer.token, this._lexer.lookahead());
  }
}
