// ODataExpression -> Expr: variables told from fields, aliases put in their places. Fields are looked up by the waist.

import type { Catalog } from '../catalog/catalog.ts';
import {
  and,
  call,
  compare,
  type Expr,
  type Literal,
  literal,
  not,
  or,
  type Path,
  path,
} from '../query/expression.ts';
import type {
  AggregateNode,
  BinaryNode,
  CallNode,
  CountNode,
  LambdaNode,
  ListNode,
  MemberNode,
  ODataExpression,
} from './expression.ts';
import { toFunctionName } from './function-names.ts';
import { type Budget, notServed, syntaxError, tooMuch } from './syntax.ts';
import { toLiteral } from './to-literal.ts';

export interface Translation {
  readonly catalog: Catalog;
  readonly budget: Budget;
  /** Inside $expand, where `$it` would be the entity that is expanded and not the one at hand. */
  readonly nested?: true;
  /** What $compute names, of the entity at hand. */
  readonly computed?: ReadonlyMap<string, ODataExpression>;
  /** Rows are groups: `category/name` is the name of a key, and leads nowhere. */
  readonly grouped?: true;
  /** Inside $apply. @returns where the aggregate of all rows at hand is to be found */
  readonly these?: (node: AggregateNode, of: Expr | undefined) => Expr;
  /** @returns what an alias stands for, or undefined when the URL does not say */
  readonly alias: (name: string) => ODataExpression | undefined;
}

/** @throws SYNTAX_ERROR, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED, NOT_IMPLEMENTED */
export const toExpr = (translation: Translation, expression: ODataExpression): Expr =>
  new Translator(translation).expr(expression, outermost);

/** What the names of an expression may mean at one place. */
interface Scope {
  /** Lambda variables by the name in the URL, with their unique name in the Expr. */
  readonly variables: ReadonlyMap<string, string>;
  /** The variable of the row that plain paths start from, inside `$count($filter=...)`. */
  readonly row?: string;
}

const outermost: Scope = { variables: new Map() };

class Translator {
  readonly #translation: Translation;
  /** Aliases and computed names that are being written out. */
  readonly #open: string[] = [];
  #depth = 0;
  #variables = 0;

  constructor(translation: Translation) {
    this.#translation = translation;
  }

  expr(node: ODataExpression, scope: Scope): Expr {
    this.#translation.budget.spend(node.at);
    if (++this.#depth > translationDepthMax) throw tooMuch('The expression is nested too deeply.', node.at);
    const translated = this.#node(node, scope);
    this.#depth--;
    return translated;
  }

  #node(node: ODataExpression, scope: Scope): Expr {
    switch (node.kind) {
      case 'literal':
        return toLiteral(node, this.#translation.catalog);
      case 'list':
        return this.#list(node);
      case 'member':
        return this.#member(node, scope);
      case 'alias':
        return this.#alias(node.name, node.at, value => this.expr(value, outermost));
      case 'call':
        return this.#call(node, scope);
      case 'negate':
        return call('negate', [this.expr(node.item, scope)], node.at);
      case 'not':
        return not(this.expr(node.item, scope));
      case 'and':
        return and(node.items.map(item => this.expr(item, scope)));
      case 'or':
        return or(node.items.map(item => this.expr(item, scope)));
      case 'binary':
        return this.#binary(node, scope);
      case 'count':
        return this.#count(node, scope);
      case 'aggregate':
        return this.#aggregate(node, scope);
      default:
        return this.#lambda(node, scope);
    }
  }

  #call({ name, args, at }: CallNode, scope: Scope): Expr {
    const served = toFunctionName(name, at);
    return call(
      served,
      args.map(arg => this.expr(arg, scope)),
      at,
    );
  }

  #binary({ operator, left, right, at }: BinaryNode, scope: Scope): Expr {
    if (operator === 'in') return this.#membership(left, right, at, scope);
    if (operator === 'has') throw notServed('the operator "has"', at);
    const operands = [this.expr(left, scope), this.expr(right, scope)] as const;
    if (isArithmetic(operator)) return call(operator, operands, at);
    return compare(operator, ...operands, at);
  }

  #membership(item: ODataExpression, list: ODataExpression, at: number, scope: Scope): Expr {
    if (list.kind === 'alias') {
      return this.#alias(list.name, list.at, value => this.#membership(item, value, at, scope));
    }
    if (list.kind === 'member') return this.#elementOf(item, list, at, scope);
    if (list.kind !== 'list')
      throw syntaxError('A list of values must follow "in".', list.at, "Write in ('a','b').");
    const literals = list.items.map(value => this.#listItem(value));
    return { kind: 'in', item: this.expr(item, scope), list: literals, at };
  }

  /** `'x' in tags` says what `tags/any(t:t eq 'x')` says. */
  #elementOf(item: ODataExpression, list: MemberNode, at: number, scope: Scope): Expr {
    const variable = this.#newVariable();
    const where = compare('eq', path([], variable, at), this.expr(item, scope), at);
    return { kind: 'any', over: this.#path(list, scope), variable, where, at };
  }

  #list(node: ListNode): Literal {
    return literal(
      node.items.map(item => this.#listItem(item).value),
      undefined,
      node.at,
    );
  }

  #listItem(item: ListNode['items'][number]): Literal {
    this.#translation.budget.spend(item.at);
    if (item.kind === 'list') throw notServed('lists of lists', item.at);
    if (item.kind === 'literal') return toLiteral(item, this.#translation.catalog);
    return this.#alias(item.name, item.at, value => {
      if (value.kind !== 'literal') throw syntaxError(`${item.name} must be a value.`, item.at);
      return toLiteral(value, this.#translation.catalog);
    });
  }

  /** An alias without a value stands for null (OData 4.01 Part 2, 5.3). */
  #alias<T>(name: string, at: number, translate: (value: ODataExpression) => T): T {
    const value = this.#translation.alias(name);
    return this.#writtenOut(name, at, () =>
      translate(value ?? { kind: 'literal', type: 'null', text: 'null', at }),
    );
  }

  #writtenOut<T>(name: string, at: number, translate: () => T): T {
    if (this.#open.includes(name)) throw syntaxError(`${name} stands for itself.`, at);
    if (this.#open.length >= namesDepthMax) throw tooMuch('Too many names stand for one another.', at);
    this.#open.push(name);
    const translated = translate();
    this.#open.pop();
    return translated;
  }

  #member(node: MemberNode, scope: Scope): Expr {
    const computed = this.#computed(node, scope);
    if (!computed) return this.#path(node, scope);
    return this.#writtenOut(node.names[0]!, node.at, () => this.expr(computed, outermost));
  }

  /** Computed values belong to the entity at hand, and to no row that a lambda or a count goes through. */
  #computed({ root, names }: MemberNode, scope: Scope): ODataExpression | undefined {
    if (names.length !== 1 || (root === undefined ? scope.row !== undefined : root !== '$it'))
      return undefined;
    if (root === undefined && scope.variables.has(names[0]!)) return undefined;
    return this.#translation.computed?.get(names[0]!);
  }

  #path({ root, names, at }: MemberNode, scope: Scope): Path {
    const cast = names.find(name => name.includes('.'));
    if (cast) throw notServed(`the type cast "${cast}" in a path`, at);
    if (root === '$this' || root === '$root') throw notServed(`${root} in an expression`, at);
    if (root === '$it' && this.#translation.nested) throw notServed('$it inside $expand', at);
    const variable = root === undefined ? scope.variables.get(names[0]!) : undefined;
    if (variable !== undefined) return path(names.slice(1), variable, at);
    const row = root === undefined ? scope.row : undefined;
    if (this.#translation.grouped && row === undefined) return path([names.join('/')], undefined, at);
    return path(names, row, at);
  }

  #count({ over, filter, at }: CountNode, scope: Scope): Expr {
    const variable = this.#newVariable();
    const where = filter && this.expr(filter, { ...scope, row: variable });
    return { kind: 'count', over: this.#path(over, scope), variable, where, at };
  }

  #aggregate(node: AggregateNode, scope: Scope): Expr {
    const { over, function: name, of, at } = node;
    if (!over) return this.#ofThese(node, scope);
    const variable = this.#newVariable();
    const inner = of && this.expr(of, { ...scope, row: variable });
    return { kind: 'aggregate', over: this.#path(over, scope), variable, function: name, of: inner, at };
  }

  /** All rows at hand are meant, so nothing of one row can stand in it but what is aggregated. */
  #ofThese(node: AggregateNode, scope: Scope): Expr {
    const { these } = this.#translation;
    if (!these) throw notServed('$these outside of $apply', node.at);
    if (scope.row !== undefined || scope.variables.size > 0) throw notServed('$these in a lambda', node.at);
    return these(node, node.of && this.expr(node.of, scope));
  }

  #lambda({ kind, over, variable: name, where, at }: LambdaNode, scope: Scope): Expr {
    const variable = this.#newVariable();
    const inner = { ...scope, variables: new Map(scope.variables).set(name ?? '', variable) };
    return { kind, over: this.#path(over, scope), variable, where: where && this.expr(where, inner), at };
  }

  #newVariable(): string {
    this.#variables++;
    return `v${this.#variables}`;
  }
}

/** Names that stand for others that stand for others. */
const namesDepthMax = 20;
/** Levels of an expression in which every name is written out. */
const translationDepthMax = 600;

const arithmetic = ['add', 'sub', 'mul', 'div', 'divby', 'mod'] as const;
const isArithmetic = (operator: BinaryNode['operator']): operator is (typeof arithmetic)[number] =>
  (arithmetic as readonly string[]).includes(operator);
