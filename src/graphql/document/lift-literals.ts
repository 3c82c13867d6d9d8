// Replaces the numbers and strings of a valid document with variables, so that all texts of its shape can share it.

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
  /** Has no positions: they would be wrong for other texts. */
  readonly document: DocumentNode;
  /** The types of the literals, in text order. */
  readonly types: readonly GraphQLInputType[];
}

/**
 * @param literals what `splitLiterals` found in the text
 * @returns undefined if validation depends on more than the types of the literals
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

  /** Fields with the same response key must have the same arguments, which depends on the literals themselves. */
  #standsTwice(): boolean {
    const field = this.#field;
    if (!field) return true;
    const key = field.alias?.value ?? field.name.value;
    const other = this.#fields.get(key);
    this.#fields.set(key, field);
    return other !== undefined && other !== field;
  }
}

/** Cannot clash with a variable name that a caller declares. */
const literalVariable = (index: number): VariableNode => ({
  kind: Kind.VARIABLE,
  name: { kind: Kind.NAME, value: String(index) },
});

/** @returns the values for the variables of a lifted document, or undefined if a literal does not have the expected type */
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
