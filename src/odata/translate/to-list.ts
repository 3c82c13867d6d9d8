// `('a','b')` -> a list literal, and each value of it.

import { type Literal, literal } from '../../query/ask/expression.ts';
import type { ListNode, ODataExpression } from '../parse/odata-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { toLiteral } from './to-literal.ts';
import type { Translation } from './translation.ts';
import type { WrittenNames } from './written-names.ts';

export class ListTranslator {
  readonly #translation: Translation;
  readonly #names: WrittenNames;

  constructor(translation: Translation, names: WrittenNames) {
    this.#translation = translation;
    this.#names = names;
  }

  list(node: ListNode): Literal {
    return literal(
      node.items.map(item => this.item(item).value),
      undefined,
      node.at,
    );
  }

  item(item: ODataExpression): Literal {
    this.#translation.budget.spend(item.at);
    if (item.kind === 'literal') return toLiteral(item, this.#translation.catalog);
    if (item.kind === 'list') throw notServed('lists of lists', item.at);
    if (item.kind !== 'alias') throw notServed('fields and objects in lists', item.at);
    return this.#names.alias(item.name, item.at, value => {
      if (value.kind !== 'literal') throw syntaxError(`${item.name} must be a value.`, item.at);
      return toLiteral(value, this.#translation.catalog);
    });
  }
}
