// ODataExpression -> Expr: variables told from fields, aliases put in their places. Fields are looked up by the waist.

import { fault } from '../base/errors.ts';
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
  CaseNode,
  CountNode,
  LambdaNode,
  ListNode,
  MemberNode,
  ODataExpression,
} from './expression.ts';
import { toFunctionName } from './function-names.ts';
import { keyFields } from './key-fields.ts';
import { type Budget, notServed, syntaxError, tooMuch } from './syntax.ts';
import { toJson } from './to-json.ts';
import { toLiteral } from './to-literal.ts';
import { toScalar, toType, typeNameOf } from './type-names.ts';

export interface Translation {
  readonly catalog: Catalog;
  readonly budget: Budget;
  /** Inside $expand, where `$it` is the entity that is expanded and not the one at hand. */
  readonly nested?: true;
  /** How many $expand this one stands in. */
  readonly level?: number;
  /** Aliases that options in parentheses name, each with the variable of the row that it starts from. */
  readonly aliases?: ReadonlyMap<string, { readonly value: ODataExpression; readonly row?: string }>;
  /** What $compute names, of the entity at hand. */
  readonly computed?: ReadonlyMap<string, ODataExpression>;
  /** Rows are groups: `category/name` is the name of a key, and leads nowhere. */
  readonly grouped?: true;
  /** Inside $apply. @returns where the aggregate of all rows at hand is to be found */
  readonly these?: (node: AggregateNode, of: Expr | undefined) => Expr;
  /** @returns what an alias stands for, or undefined when the URL does not say */
  readonly alias: (name: string) => ODataExpression | undefined;
}

/** What the paths inside $expand call the entity that it expands. */
export const itVariable = 'it';

/**
 * @param row the variable that paths start from, where it is not the row at hand
 * @throws SYNTAX_ERROR, INVALID_VALUE, INVALID_OPERATION, UNKNOWN_ENTITY, LIMIT_EXCEEDED, NOT_IMPLEMENTED
 */
export const toExpr = (translation: Translation, expression: ODataExpression, row?: string): Expr =>
  new Translator(translation).expr(expression, { ...outermost, row });

/** @param row the variable of the row or element that the options are about, where it is not the one at hand */
export function withAliases(
  translation: Translation,
  named: ReadonlyMap<string, ODataExpression> | undefined,
  row?: string,
): Translation {
  if (!named) return translation;
  const aliases = new Map(translation.aliases);
  for (const [name, value] of named) aliases.set(name, { value, row });
  return { ...translation, aliases };
}

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
        return this.#alias(node.name, node.at, (value, inner) => this.expr(value, inner));
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
    const { name, args, named, at } = node;
    const lower = name.toLowerCase();
    if (named) throw notServed('functions of a model in an expression', at);
    if (lower === 'cast') return this.#cast(node, scope);
    if (lower === 'isof') return this.#typeTest(node, scope);
    const served = toFunctionName(name, at);
    return call(
      served,
      args.map(arg => this.expr(arg, scope)),
      at,
    );
  }

  #cast({ args, at }: CallNode, scope: Scope): Expr {
    const [item, type] = args;
    if (args.length === 1) throw notServed('casts of a whole entity', at);
    if (args.length !== 2) throw syntaxError('cast takes a value and a type.', at);
    const to = toScalar(typeNameOf(type!), this.#translation.catalog, type!.at);
    return { kind: 'cast', item: this.expr(item!, scope), to, at };
  }

  #typeTest({ args, at }: CallNode, scope: Scope): Expr {
    const type = args.at(-1);
    if (!type || args.length > 2) throw syntaxError('isof takes a value and a type.', at);
    const item = args.length === 2 ? this.expr(args[0]!, scope) : path([], scope.row, at);
    const name = toType(typeNameOf(type), this.#translation.catalog, type.at);
    return { kind: 'isOf', item, type: name, at };
  }

  #binary({ operator, left, right, at }: BinaryNode, scope: Scope): Expr {
    if (operator === 'in') return this.#membership(left, right, at, scope);
    if (operator === 'has') {
      throw notServed('the operator "has"', at, 'The enums here are no flags: use "eq" or "in".');
    }
    const operands = [this.expr(left, scope), this.expr(right, scope)] as const;
    if (isArithmetic(operator)) return call(operator, operands, at);
    return compare(operator, ...operands, at);
  }

  /** @param around where the list stands */
  #membership(item: ODataExpression, list: ODataExpression, at: number, scope: Scope, around = scope): Expr {
    if (list.kind === 'alias') {
      return this.#alias(list.name, list.at, (value, inner) =>
        this.#membership(item, value, at, scope, inner),
      );
    }
    if (list.kind === 'member') return this.#elementOf(item, this.#over(list, around), at, scope);
    if (list.kind !== 'list')
      throw syntaxError('A list of values must follow "in".', list.at, "Write in ('a','b').");
    const literals = list.items.map(value => this.#listItem(value));
    return { kind: 'in', item: this.expr(item, scope), list: literals, at };
  }

  /** `'x' in tags` says what `tags/any(t:t eq 'x')` says. */
  #elementOf(item: ODataExpression, over: Path, at: number, scope: Scope): Expr {
    const variable = this.#newVariable();
    const where = compare('eq', path([], variable, at), this.expr(item, scope), at);
    return { kind: 'any', over, variable, where, at };
  }

  #list(node: ListNode): Literal {
    return literal(
      node.items.map(item => this.#listItem(item).value),
      undefined,
      node.at,
    );
  }

  #listItem(item: ODataExpression): Literal {
    this.#translation.budget.spend(item.at);
    if (item.kind === 'literal') return toLiteral(item, this.#translation.catalog);
    if (item.kind === 'list') throw notServed('lists of lists', item.at);
    if (item.kind !== 'alias') throw notServed('fields and objects in lists', item.at);
    return this.#alias(item.name, item.at, value => {
      if (value.kind !== 'literal') throw syntaxError(`${item.name} must be a value.`, item.at);
      return toLiteral(value, this.#translation.catalog);
    });
  }

  /** An alias without a value stands for null (OData 4.01 Part 2, 5.3). */
  #alias<T>(name: string, at: number, translate: (value: ODataExpression, scope: Scope) => T): T {
    const { value, row } = this.#translation.aliases?.get(name) ?? { value: this.#translation.alias(name) };
    return this.#writtenOut(name, at, () =>
      translate(value ?? { kind: 'literal', type: 'null', text: 'null', at }, { ...outermost, row }),
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
    if (node.root === '$root') return this.#lookup(node, scope);
    if (!computed) return this.#path(node, scope);
    return this.#writtenOut(node.names[0]!, node.at, () => this.expr(computed, outermost));
  }

  /** Computed values belong to the entity at hand, and to no row that a lambda or a count goes through. */
  #computed({ root, alias, names }: MemberNode, scope: Scope): ODataExpression | undefined {
    if (names.length !== 1 || alias !== undefined || !this.#meansRow(root, scope)) return undefined;
    if (root === undefined && scope.variables.has(names[0]!)) return undefined;
    return this.#translation.computed?.get(names[0]!);
  }

  /** Whether a path from this root starts from the entity at hand. */
  #meansRow(root: MemberNode['root'], { row }: Scope): boolean {
    return root === '$it' ? !this.#translation.nested : root !== '$root' && row === undefined;
  }

  #path(node: MemberNode, scope: Scope): Path {
    const { root, alias, names, filter, foreign, at } = node;
    if (alias !== undefined) return this.#aliasPath({ ...node, alias }, scope);
    const cast = names.find(name => name.includes('.'));
    if (foreign) throw notServed(foreign, at);
    if (filter)
      throw syntaxError('"/$filter" gives a collection.', at, 'Write /$count, /any or /all behind it.');
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

  /** `@p/name`, where `@p` stands for a path */
  #aliasPath({ alias, names, filter, foreign, at }: MemberNode & { alias: string }, scope: Scope): Path {
    return this.#alias(alias, at, (value, inner) => {
      if (value.kind !== 'member') throw syntaxError(`${alias} stands for no path.`, at);
      const row = this.#translation.aliases?.has(alias)
        ? inner
        : { ...scope, variables: outermost.variables };
      const from = { filter: filter ?? value.filter, foreign: foreign ?? value.foreign, at };
      return this.#path({ ...value, ...from, names: [...value.names, ...names] }, row);
    });
  }

  /** Of a list of values, `$it` alone is the element too, as in 4.0. */
  #itVariable(names: readonly string[], { row }: Scope): string | undefined {
    if (names.length === 0 && row !== undefined) return row;
    return this.#translation.nested ? itVariable : undefined;
  }

  /** `$root/products(1)/price` */
  #lookup({ names, key, foreign, at }: MemberNode, scope: Scope): Expr {
    const { catalog } = this.#translation;
    if (foreign) throw notServed(foreign, at);
    const [set, ...rest] = names;
    const entity = catalog.sets.get(set ?? '');
    if (!entity) {
      throw fault('UNKNOWN_ENTITY', `There is no entity set "${set ?? ''}".`, { target: set, at });
    }
    if (!key || rest.length === 0) throw notServed('whole entities and collections after $root', at);
    const variable = this.#newVariable();
    const fields = keyFields(entity, key, field => entity.fields.get(field)?.restricted === undefined);
    return {
      kind: 'lookup',
      entity: entity.name,
      variable,
      key: fields.map(({ field, value }) => ({ field, value: this.expr(value, scope) })),
      of: path(rest, variable, at),
      at,
    };
  }

  #count({ over, filter, search, at }: CountNode, scope: Scope): Expr {
    const variable = this.#newVariable();
    const inner = { ...scope, row: variable };
    const conditions = [over.filter, filter]
      .filter(condition => condition !== undefined)
      .map(condition => this.expr(condition, inner));
    if (search) conditions.push({ kind: 'search', search, variable, at });
    const where = conditions.length > 0 ? and(conditions) : undefined;
    return { kind: 'count', over: this.#over(over, scope), variable, where, at };
  }

  /** What a filter narrows is narrowed by whoever goes through it. */
  #over(over: MemberNode, scope: Scope): Path {
    return this.#path({ ...over, filter: undefined }, scope);
  }

  #aggregate(node: AggregateNode, scope: Scope): Expr {
    const { over, function: name, of, at } = node;
    if (!over) return this.#ofThese(node, scope);
    const variable = this.#newVariable();
    const inner = of && this.expr(of, { ...scope, row: variable });
    return { kind: 'aggregate', over: this.#over(over, scope), variable, function: name, of: inner, at };
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
    const filter = over.filter && this.expr(over.filter, { ...scope, row: variable });
    const asked = where && this.expr(where, inner);
    return { kind, over: this.#over(over, scope), variable, where: within(kind, filter, asked), at };
  }

  #newVariable(): string {
    this.#variables++;
    return `v${this.#variables}`;
  }
}

/** All of what a filter lets through means: all, unless the filter does not let them through. */
function within(kind: 'any' | 'all', filter: Expr | undefined, asked: Expr | undefined): Expr | undefined {
  if (!filter || !asked) return filter ?? asked;
  return kind === 'any' ? and([filter, asked]) : or([not(filter), asked]);
}

/** Names that stand for others that stand for others. */
const namesDepthMax = 20;
/** Levels of an expression in which every name is written out. */
const translationDepthMax = 600;

const arithmetic = ['add', 'sub', 'mul', 'div', 'divby', 'mod'] as const;
const isArithmetic = (operator: BinaryNode['operator']): operator is (typeof arithmetic)[number] =>
  (arithmetic as readonly string[]).includes(operator);
