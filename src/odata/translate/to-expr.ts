// ODataExpression -> Expr: distinguishes variables from fields and expands aliases. The query engine looks up the fields.

import {
  and,
  call,
  compare,
  type Expr,
  literal,
  not,
  notOrNull,
  or,
  type Path,
  path,
} from '../../query/ask/expression.ts';
import type {
  AggregateNode,
  BinaryNode,
  CallNode,
  CaseNode,
  CountNode,
  LambdaNode,
  MemberNode,
  ODataExpression,
} from '../parse/odata-expression.ts';
import { notServed, syntaxError, tooMuch } from '../url/syntax.ts';
import { toCall } from './to-call.ts';
import { toJson } from './to-json.ts';
import { ListTranslator } from './to-list.ts';
import { slotted, toLiteral } from './to-literal.ts';
import { toLookup } from './to-lookup.ts';
import { PathTranslator } from './to-path.ts';
import { outermost, type Scope, type Translation } from './translation.ts';
import { WrittenNames } from './written-names.ts';

/**
 * @param row the variable that paths start from, if it is not the current row
 * @throws SYNTAX_ERROR, INVALID_VALUE, INVALID_OPERATION, UNKNOWN_ENTITY, LIMIT_EXCEEDED, NOT_IMPLEMENTED
 */
export const toExpr = (translation: Translation, expression: ODataExpression, row?: string): Expr =>
  new Translator(translation).expr(expression, { ...outermost, row });

/** `item in list` */
interface Membership {
  readonly item: ODataExpression;
  readonly list: ODataExpression;
  readonly at: number;
}

class Translator {
  readonly #translation: Translation;
  readonly #names: WrittenNames;
  readonly #paths: PathTranslator;
  readonly #lists: ListTranslator;
  #depth = 0;
  #variables = 0;

  constructor(translation: Translation) {
    this.#translation = translation;
    this.#names = new WrittenNames(translation);
    this.#paths = new PathTranslator(translation, this.#names);
    this.#lists = new ListTranslator(translation, this.#names);
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
        return this.#lists.list(node);
      case 'member':
        return this.#member(node, scope);
      case 'alias':
        return this.#names.alias(node.name, node.at, (value, inner) => this.expr(value, inner));
      case 'call':
        return this.#call(node, scope);
      case 'negate':
        return call('negate', [this.expr(node.item, scope)], node.at);
      case 'not':
        return notOrNull(this.expr(node.item, scope));
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
      case 'object':
        return literal({ json: toJson(node) }, 'Json', node.at);
      case 'case':
        return this.#case(node, scope);
      default:
        return this.#lambda(node, scope);
    }
  }

  #case({ branches, at }: CaseNode, scope: Scope): Expr {
    const translated = branches.map(({ when, value }) => ({
      when: this.expr(when, scope),
      value: this.expr(value, scope),
    }));
    return { kind: 'case', branches: translated, at };
  }

  #call(node: CallNode, scope: Scope): Expr {
    const { catalog } = this.#translation;
    return toCall({ catalog, row: scope.row, translate: arg => this.expr(arg, scope) }, node);
  }

  #binary({ operator, left, right, at }: BinaryNode, scope: Scope): Expr {
    if (operator === 'in') return this.#membership({ item: left, list: right, at }, scope);
    if (operator === 'has') {
      throw notServed('the operator "has"', at, 'Enums are not flags here: use "eq" or "in".');
    }
    const operands = [this.expr(left, scope), this.expr(right, scope)] as const;
    if (isArithmetic(operator)) return call(operator, operands, at);
    const compared = this.#translation.slotted ? slotted(left, right, operands) : operands;
    return compare(operator, ...compared, at);
  }

  /** @param around the scope of the list */
  #membership({ item, list, at }: Membership, scope: Scope, around = scope): Expr {
    if (list.kind === 'alias') {
      return this.#names.alias(list.name, list.at, (value, inner) =>
        this.#membership({ item, list: value, at }, scope, inner),
      );
    }
    if (list.kind === 'member') return this.#elementOf(item, list, at, { scope, around });
    if (list.kind !== 'list')
      throw syntaxError('A list of values must follow "in".', list.at, "Write in ('a','b').");
    const literals = list.items.map(value => this.#lists.item(value));
    return { kind: 'in', item: this.expr(item, scope), list: literals, at };
  }

  /** `'x' in tags` means `tags/any(t:t eq 'x')`. */
  #elementOf(
    item: ODataExpression,
    list: MemberNode,
    at: number,
    { scope, around }: { scope: Scope; around: Scope },
  ): Expr {
    const variable = this.#newVariable();
    const isItem = compare('eq', path([], variable, at), this.expr(item, scope), at);
    const where = within('any', this.#filterOf(list, around, variable), isItem);
    return { kind: 'any', over: this.#over(list, around), variable, where, at };
  }

  #member(node: MemberNode, scope: Scope): Expr {
    if (node.root === '$root') {
      const variable = this.#newVariable();
      return toLookup(this.#translation.catalog, node, variable, value => this.expr(value, scope));
    }
    return (
      this.#names.computed(node, scope, value => this.expr(value, outermost)) ?? this.#paths.path(node, scope)
    );
  }

  #count({ over, filter, search, at }: CountNode, scope: Scope): Expr {
    const variable = this.#newVariable();
    const conditions = [
      this.#filterOf(over, scope, variable),
      filter && this.expr(filter, { ...scope, row: variable }),
      search && ({ kind: 'search', search, variable, at } as const),
    ].filter(condition => condition !== undefined);
    const where = conditions.length > 0 ? and(conditions) : undefined;
    return { kind: 'count', over: this.#over(over, scope), variable, where, at };
  }

  /** The condition of `/$filter` is applied by whatever iterates over the path. */
  #filterOf({ filter }: MemberNode, scope: Scope, variable: string): Expr | undefined {
    return filter && this.expr(filter, { ...scope, row: variable });
  }

  #over(over: MemberNode, scope: Scope): Path {
    return this.#paths.path({ ...over, filter: undefined }, scope);
  }

  #aggregate(node: AggregateNode, scope: Scope): Expr {
    const { over, function: name, of, at } = node;
    if (!over) return this.#ofThese(node, scope);
    const variable = this.#newVariable();
    const inner = of && this.expr(of, { ...scope, row: variable });
    const where = this.#filterOf(over, scope, variable);
    return {
      kind: 'aggregate',
      over: this.#over(over, scope),
      variable,
      function: name,
      of: inner,
      where,
      at,
    };
  }

  /** It covers all current rows, so it can refer to a single row only inside the aggregated expression. */
  #ofThese(node: AggregateNode, scope: Scope): Expr {
    const { these } = this.#translation;
    if (!these) throw notServed('$these outside of $apply', node.at);
    if (scope.row !== undefined || scope.variables.size > 0) throw notServed('$these in a lambda', node.at);
    return these(node, node.of && this.expr(node.of, scope));
  }

  #lambda({ kind, over, variable: name, where, at }: LambdaNode, scope: Scope): Expr {
    const variable = this.#newVariable();
    const inner = { ...scope, variables: new Map(scope.variables).set(name ?? '', variable) };
    const filter = this.#filterOf(over, scope, variable);
    const condition = where && this.expr(where, inner);
    return { kind, over: this.#over(over, scope), variable, where: within(kind, filter, condition), at };
  }

  #newVariable(): string {
    this.#variables++;
    return `v${this.#variables}`;
  }
}

/** `all` over filtered elements means that each one either fails the filter or meets the condition. */
function within(
  kind: 'any' | 'all',
  filter: Expr | undefined,
  condition: Expr | undefined,
): Expr | undefined {
  if (!filter || !condition) return filter ?? condition;
  return kind === 'any' ? and([filter, condition]) : or([not(filter), condition]);
}

/** Levels of an expression after expanding all names. */
const translationDepthMax = 600;

const arithmetic = ['add', 'sub', 'mul', 'div', 'divby', 'mod'] as const;
const isArithmetic = (operator: BinaryNode['operator']): operator is (typeof arithmetic)[number] =>
  (arithmetic as readonly string[]).includes(operator);
