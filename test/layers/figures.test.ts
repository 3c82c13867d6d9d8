// The size of what somebody wrote: functions, files and parameters, over the syntax trees.

import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const functionLinesMax = 60;
const fileLinesMax = 250;
const parametersMax = 4;

const files = sourceFiles();

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** @param parent the node in whose member `node` is @returns what of it is to be reported */
type Look = (node: Node, parent: Node | undefined, file: SourceFile) => string | undefined;

describe('in the source tree', () => {
  test(`no function is longer than ${functionLinesMax} lines`, () => {
    expect(
      found((node, _, file) => {
        if (!isFunction(node)) return undefined;
        const lines = lineOf(file, node.end) - lineOf(file, node.start) + 1;
        return lines > functionLinesMax ? `${lines} lines` : undefined;
      }),
    ).toEqual([]);
  });

  test(`no function takes more than ${parametersMax} parameters`, () => {
    expect(
      found(node => {
        if (!isFunction(node) && !isSignature(node)) return undefined;
        const { length } = node.params as readonly unknown[];
        return length > parametersMax ? `${length} parameters` : undefined;
      }),
    ).toEqual([]);
  });

  test('no literal spreads another literal', () => {
    expect(
      found((node, parent) => {
        if (node.type !== 'SpreadElement') return undefined;
        const { type } = node.argument as Node;
        const isLiteral = type === 'ObjectExpression' || type === 'ArrayExpression';
        return isLiteral && type === parent?.type ? 'spreads a literal' : undefined;
      }),
    ).toEqual([]);
  });

  test(`no file is longer than ${fileLinesMax} lines`, () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > fileLinesMax);
    expect(long).toEqual([]);
  });

  test('only the module of a platform table has its SQL', () => {
    const named = files.filter(({ path, text }) => sql.test(text) && !mayNameTables.test(path));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

/** A statement about a platform table; not a cast to one of its types. */
const sql = /\b(?:FROM|JOIN|INTO|UPDATE|TABLE) "?portolan"?\."/i;

/** The change log makes its SQL for each table of the project. */
const mayNameTables =
  /^src\/(?:platform\/|changes\/|audit\/audit-store\.ts|idempotency\/kept-answers\.ts|usage\/usage-store\.ts|webhooks\/store\/)/;

const isFunction = ({ type }: Node): boolean =>
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);

const isSignature = ({ type }: Node): boolean =>
  /^TS(?:FunctionType|MethodSignature|ConstructorType|CallSignatureDeclaration)$/.test(type);

function found(look: Look): string[] {
  return trees.flatMap(({ file, tree }) =>
    tree.flatMap(({ node, parent }) => {
      const what = look(node, parent, file);
      return what === undefined ? [] : [`${file.path}:${lineOf(file, node.start)}: ${what}`];
    }),
  );
}

interface Found {
  readonly node: Node;
  readonly parent: Node | undefined;
}

const trees: readonly { readonly file: SourceFile; readonly tree: readonly Found[] }[] = files.map(file => {
  const { program, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) throw new Error(`${file.path}: ${errors[0]!.message}`);
  return { file, tree: nodes(program as unknown as Node) };
});

function nodes(node: Node, parent?: Node, all: Found[] = []): Found[] {
  all.push({ node, parent });
  for (const member of Object.values(node))
    for (const child of Array.isArray(member) ? member : [member])
      if (typeof child?.type === 'string') nodes(child, node, all);
  return all;
}

function lineOf({ text }: SourceFile, at: number): number {
  return text.slice(0, at).split('\n').length;
}
