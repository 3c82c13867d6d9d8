// A valid document -> the same with variables in place of its numbers and strings, so that it serves for others of its shape.

import {
  type ASTNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  type VariableNode,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export interface LiftedDocument {
  /** Without positions: those of another text would be wrong. */
  readonly document: DocumentNode;
  /** The types of the literals, in the order of the text. */
  readonly types: readonly GraphQLInputType[];
}

/**
 * @param literals what `splitLiterals` found in the text
 * @returns undefined where literals mean more to validation than their types do
 */
export function liftLiterals(
  document: DocumentNode,
  literals: readonly ConstValueNode[],
  schema: GraphQLSchema,
): LiftedDocument | undefined {
  const lifting = new Lifting(literals);
  const info = new TypeInfo(schema);
  const lifted = visit(
    document,
    visitWithTypeInfo(info, { enter: node => lifting.enter(node, info.getInputType()) }),
  );
  return lifting.succeeded ? { document: lifted, types: lifting.types } : undefined;
}

class Lifting {
  readonly types: GraphQLInputType[] = [];
  readonly #literals: readonly ConstValueNode[];
  readonly #fields = new Map<string, FieldNode>();
  #field: FieldNode | undefined;
  #failed = false;

  constructor(literals: readonly ConstValueNode[]) {
    this.#literals = literals;
  }

  get succeeded(): boolean {
    return !this.#failed && this.types.length === this.#literals.length;
  }

  enter(node: ASTNode, type: GraphQLInputType | null | undefined): ASTNode {
    if (node.kind === Kind.FIELD) this.#field = node;
    if (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue) this.#failed = true;
    if (node.kind !== Kind.INT && node.kind !== Kind.FLOAT && node.kind !== Kind.STRING)
      return { ...node, loc: undefined };
    this.#note(node, type);
    return literalVariable(this.types.length - 1);
  }

  #note(node: ConstValueNode & { value: string }, type: GraphQLInputType | null | undefined): void {
    const expected = this.#literals[this.types.length];
    const sameLiteral = expected?.kind === node.kind && 'value' in expected && expected.value === node.value;
    if (!type || !sameLiteral || this.#standsTwice()) this.#failed = true;
    this.types.push(type!);
  }

  /** Two fields under one name in the answer must have the same arguments, which only their literals can tell. */
  #standsTwice(): boolean {
    const field = this.#field;
    if (!field) return true;
    const key = field.alias?.value ?? field.name.value;
    const other = this.#fields.get(key);
    this.#fields.set(key, field);
    return other !== undefined && other !== field;
  }
}

/** No variable that a caller declares can have such a name. */
const literalVariable = (index: number): VariableNode => ({
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value: String(index) },
});

/** @returns the values for the variables of a lifted document, or undefined when a literal has not the type of its place */
export function literalValues(
  literals: readonly ConstValueNode[],
  { types }: LiftedDocument,
): Readonly<Record<string, unknown>> | undefined {
  const values: Record<string, unknown> = {};
  for (const [index, literal] of literals.entries()) {
    const value = valueFromAST(literal, types[index]!);
    if (value === undefined) return undefined;
    values[index] = value;
  }
  return values;
}
