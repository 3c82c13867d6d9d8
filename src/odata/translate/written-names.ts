// Expands names that stand for expressions, which are aliases and computed values, where they are used.

import type { MemberNode, ODataExpression } from '../parse/odata-expression.ts';
import { syntaxError, tooMuch } from '../url/syntax.ts';
import { outermost, type Scope, type Translation } from './translation.ts';

/** Levels of names that refer to other names. */
const depthMax = 20;

export class WrittenNames {
  readonly #translation: Translation;
  /** The names that are being expanded. */
  readonly #open: string[] = [];

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  /** An alias without a value stands for null (OData 4.01 Part 2, 5.3). @throws SYNTAX_ERROR for cycles, LIMIT_EXCEEDED */
  alias<T>(name: string, at: number, translate: (value: ODataExpression, scope: Scope) => T): T {
    const { value, row } = this.#translation.aliases?.get(name) ?? { value: this.#translation.alias(name) };
    return this.#expanded(name, at, () =>
      translate(value ?? { kind: 'literal', type: 'null', text: 'null', at }, { ...outermost, row }),
    );
  }

  /** @returns undefined when the path does not name a computed value @throws like `alias` */
  computed<T>(node: MemberNode, scope: Scope, translate: (value: ODataExpression) => T): T | undefined {
    const value = this.#computedBy(node, scope);
    return value && this.#expanded(node.names[0]!, node.at, () => translate(value));
  }

  /** Computed values belong to the current entity, not to the rows of a lambda or a count. */
  #computedBy({ root, alias, names }: MemberNode, scope: Scope): ODataExpression | undefined {
    if (names.length !== 1 || alias !== undefined || !this.#startsAtRow(root, scope)) return undefined;
    if (root === undefined && scope.variables.has(names[0]!)) return undefined;
    return this.#translation.computed?.get(names[0]!);
  }

  /** Whether a path from this root starts at the current entity. */
  #startsAtRow(root: MemberNode['root'], { row }: Scope): boolean {
    return root === '$it' ? !this.#translation.nested : root !== '$root' && row === undefined;
  }

  #expanded<T>(name: string, at: number, translate: () => T): T {
    if (this.#open.includes(name)) throw syntaxError(`${name} is defined by itself.`, at);
    if (this.#open.length >= depthMax)
      throw tooMuch('Too many aliases or computed values refer to one another.', at);
    this.#open.push(name);
    const translated = translate();
    this.#open.pop();
    return translated;
  }
}
