// Against odata-v4-parser, on the expressions that it gets right: no `not` before an operator, no more than one arithmetic
// operator at a time, no `in`, no lambda inside another.

import fc from 'fast-check';
import { filter } from 'odata-v4-parser';
import { expect, test } from 'vitest';
import { meaning } from './print-expression.ts';

/** Its tree: every node has a type, and a value that depends on it. */
interface Token {
  readonly type: string;
  readonly raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: the library's own type says no more
  readonly value: any;
}

const operators: Readonly<Record<string, string>> = {
  EqualsExpression: 'eq',
  NotEqualsExpression: 'ne',
  LesserThanExpression: 'lt',
  LesserOrEqualsExpression: 'le',
  GreaterThanExpression: 'gt',
  GreaterOrEqualsExpression: 'ge',
  AddExpression: 'add',
  SubExpression: 'sub',
  MulExpression: 'mul',
  DivExpression: 'div',
  ModExpression: 'mod',
};

/** @returns its tree as `show` writes ours; chains of one operator side by side */
function showToken({ type, value, raw }: Token): string {
  const operator = operators[type];
  if (operator) return `(${showToken(value.left)} ${operator} ${showToken(value.right)})`;
  switch (type) {
    case 'Literal':
      return raw.replaceAll("''", "'");
    case 'AndExpression':
      return `(${chain(type, value).join(' and ')})`;
    case 'OrExpression':
      return `(${chain(type, value).join(' or ')})`;
    case 'NotExpression':
      return `(not ${showToken(value)})`;
    case 'MethodCallExpression':
      return `${value.method}(${(value.parameters ?? []).map(showToken).join(', ')})`;
    case 'NegateExpression':
      return `(-${showToken(value)})`;
    case 'ImplicitVariableExpression':
      return raw;
    case 'LambdaVariableExpression':
      return value.name;
    case 'CountExpression':
      return '$count';
    case 'AnyExpression':
    case 'AllExpression':
      return showLambda(raw.slice(0, 3), value);
    case 'FirstMemberExpression':
      return Array.isArray(value) ? value.map(showToken).join('/') : showToken(value);
    case 'PropertyPathExpression':
      return value.current ? `${showToken(value.current)}/${showToken(value.next)}` : showToken(value);
    case 'ODataIdentifier':
      return value.name;
    default:
      return showToken(value);
  }
}

const showLambda = (
  kind: string,
  { variable, predicate }: { variable?: Token; predicate?: Token },
): string => (predicate ? `${kind}(${showToken(variable!)}: ${showToken(predicate)})` : `${kind}()`);

function chain(type: string, value: { left: Token; right: Token }): string[] {
  // Its trees lean to the right; a parenthesis in between keeps a chain from being one.
  const rest = value.right.type === type ? chain(type, value.right.value) : [showToken(value.right)];
  return [showToken(value.left), ...rest];
}

const path = fc.constantFrom('name', 'stock', 'category/name', 'a/b/c', 'active');
const value = fc.constantFrom('1', '-2', "'x'", "'O''Neil'", 'true', 'null', '1.5', '2026-01-31');
const comparison = fc
  .tuple(path, fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), value)
  .map(parts => parts.join(' '));
const textTest = fc
  .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), path, fc.constantFrom("'x'", "'a b'"))
  .map(([name, left, right]) => `${name}(${left},${right})`);
const lowered = path.map(name => `tolower(${name}) eq 'x'`);
const operand = fc.oneof(
  path,
  value,
  path.map(name => `$it/${name}`),
);
const sum = fc
  .tuple(operand, fc.constantFrom('add', 'sub', 'mul', 'div', 'mod'), operand, fc.boolean())
  .map(([left, word, right, grouped]) =>
    grouped ? `(${left} ${word} ${right})` : `${left} ${word} ${right}`,
  );
const called = fc.oneof(
  path.map(name => `substring(${name},1,2)`),
  path.map(name => `indexof(${name},'a')`),
  path.map(name => `concat(concat(${name},', '),'x')`),
  fc.constantFrom('year', 'month', 'round', 'floor', 'length', 'trim').map(name => `${name}(a/b)`),
  path.map(name => `${name}/$count`),
  path.map(name => `-${name}`),
  sum,
);
const computed = fc.tuple(called, fc.constantFrom('eq', 'gt', 'le'), value).map(parts => parts.join(' '));
const inLambda = fc
  .array(
    fc.oneof(comparison, textTest).map(text => `i/${text}`.replace(/^i\/(\w+\()/, '$1i/')),
    { minLength: 1, maxLength: 3 },
  )
  .map(parts => parts.join(' and '));
const lambda = fc.oneof(
  fc
    .tuple(fc.constantFrom('items', 'a/items'), fc.constantFrom('any', 'all'), inLambda)
    .map(([over, kind, inner]) => `${over}/${kind}(i:${inner})`),
  fc.constant('items/any()'),
);
const simple = fc.oneof(comparison, textTest, lowered, computed, lambda);
// `not` stands last in its group, since the library takes it to negate all that follows.
const condition = fc.letrec<{ any: string; group: string }>(tie => ({
  any: fc.oneof({ maxDepth: 4 }, simple, tie('group')),
  group: fc
    .tuple(fc.array(tie('any'), { maxLength: 3 }), fc.boolean(), tie('any'), fc.constantFrom(' and ', ' or '))
    .map(([items, negated, last, word]) => `(${[...items, negated ? `not (${last})` : last].join(word)})`),
})).group;
const expression = condition.map(group => group.slice(1, -1));

test('both build the same tree', () => {
  fc.assert(
    fc.property(expression, source => {
      expect(meaning(source)).toBe(showToken(filter(source) as unknown as Token));
    }),
    { numRuns: 400 },
  );
});

test('mixed chains of and, or', () => {
  for (const source of [
    'a eq 1 or b eq 2 and c eq 3',
    'a eq 1 and b eq 2 or c eq 3',
    "(a eq 1 or b eq 2) and contains(c,'x')",
  ]) {
    expect(meaning(source)).toBe(showToken(filter(source) as unknown as Token));
  }
});
