// A path of field names -> Path: which variable it starts from.

import { type Path, path } from '../../query/ask/expression.ts';
import type { MemberNode } from '../parse/odata-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { itVariable, outermost, type Scope, type Translation } from './translation.ts';
import type { WrittenNames } from './written-names.ts';

export class PathTranslator {
  readonly #translation: Translation;
  readonly #names: WrittenNames;

  constructor(translation: Translation, names: WrittenNames) {
    this.#translation = translation;
    this.#names = names;
  }

  /** @throws SYNTAX_ERROR, NOT_IMPLEMENTED */
  path(node: MemberNode, scope: Scope): Path {
    const { root, alias, names, filter, foreign, at } = node;
    if (alias !== undefined) return this.#aliasPath({ ...node, alias }, scope);
    const cast = names.find(name => name.includes('.'));
    if (foreign) throw notServed(foreign, at);
    if (filter)
      throw syntaxError('"/$filter" yields a collection.', at, 'Add /$count, /any or /all after it.');
    if (cast) throw notServed(`the type cast "${cast}" in a path`, at);
    if (root === '$root') throw notServed('$root before a collection', at);
    if (root === '$this') return path(names, scope.row, at);
    if (root === '$it') return path(names, this.#itVariable(names, scope), at);
    const variable = scope.variables.get(names[0]!);
    if (variable !== undefined) return path(names.slice(1), variable, at);
    const { row } = scope;
    if (this.#translation.grouped && row === undefined) return path([names.join('/')], undefined, at);
    return path(names, row, at);
  }

  /** `@p/name`, where the value of `@p` is a path */
  #aliasPath({ alias, names, filter, foreign, at }: MemberNode & { alias: string }, scope: Scope): Path {
    return this.#names.alias(alias, at, (value, inner) => {
      if (value.kind !== 'member') throw syntaxError(`${alias} is not a path.`, at);
      const row = this.#translation.aliases?.has(alias)
        ? inner
        : { ...scope, variables: outermost.variables };
      const from = { filter: filter ?? value.filter, foreign: foreign ?? value.foreign, at };
      return this.path({ ...value, ...from, names: [...value.names, ...names] }, row);
    });
  }

  /** In a list of values, a bare `$it` is also the element, as in 4.0. */
  #itVariable(names: readonly string[], { row }: Scope): string | undefined {
    if (names.length === 0 && row !== undefined) return row;
    return this.#translation.nested ? itVariable : undefined;
  }
}
