// Names that stand for expressions, aliases and what $compute names, are written out where they are used.

import type { MemberNode, ODataExpression } from '../parse/odata-expression.ts';
import { syntaxError, tooMuch } from '../url/syntax.ts';
import { outermost, type Scope, type Translation } from './translation.ts';

/** Names that stand for others that stand for others. */
const depthMax = 20;

export class WrittenNames {
  readonly #translation: Translation;
  /** Those that are being written out. */
  readonly #open: string[] = [];

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  /** An alias without a value stands for null (OData 4.01 Part 2, 5.3). @throws SYNTAX_ERROR for circles, LIMIT_EXCEEDED */
  alias<T>(name: string, at: number, translate: (value: ODataExpression, scope: Scope) => T): T {
    const { value, row } = this.#translation.aliases?.get(name) ?? { value: this.#translation.alias(name) };
    return this.#writtenOut(name, at, () =>
      translate(value ?? { kind: 'literal', type: 'null', text: 'null', at }, { ...outermost, row }),
    );
  }

  /** @returns undefined where the path names nothing that is computed @throws as `alias` does */
  computed<T>(node: MemberNode, scope: Scope, translate: (value: ODataExpression) => T): T | undefined {
    const value = this.#computedBy(node, scope);
    return value && this.#writtenOut(node.names[0]!, node.at, () => translate(value));
  }

  /** Computed values belong to the entity at hand, and to no row that a lambda or a count goes through. */
  #computedBy({ root, alias, names }: MemberNode, scope: Scope): ODataExpression | undefined {
    if (names.length !== 1 || alias !== undefined || !this.#meansRow(root, scope)) return undefined;
    if (root === undefined && scope.variables.has(names[0]!)) return undefined;
    return this.#translation.computed?.get(names[0]!);
  }

  /** Whether a path from this root starts from the entity at hand. */
  #meansRow(root: MemberNode['root'], { row }: Scope): boolean {
    return root === '$it' ? !this.#translation.nested : root !== '$root' && row === undefined;
  }

  #writtenOut<T>(name: string, at: number, translate: () => T): T {
    if (this.#open.includes(name)) throw syntaxError(`${name} stands for itself.`, at);
    if (this.#open.length >= depthMax) throw tooMuch('Too many names stand for one another.', at);
    this.#open.push(name);
    const translated = translate();
    this.#open.pop();
    return translated;
  }
}
