// The context of a translation: the schema, the catalog, and the fragments and variables of the operation.

import type { FragmentDefinitionNode, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Catalog, Entity } from '../../../catalog/catalog.ts';
import type { Mutation } from '../../model/mutations.ts';
import type { Root } from '../../model/roots.ts';

/** The same for all operations. */
export interface Model {
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly roots: ReadonlyMap<string, Root>;
  readonly mutations: ReadonlyMap<string, Mutation>;
  /** The scopes that the platform's root fields need, by field name. */
  readonly scopes: ReadonlyMap<string, string>;
}

export class Translation {
  readonly model: Model;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced by `getVariableValues`. */
  readonly variables: Readonly<Record<string, unknown>>;
  #names = 0;

  constructor(
    model: Model,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    variables: Readonly<Record<string, unknown>>,
  ) {
    this.model = model;
    this.fragments = fragments;
    this.variables = variables;
  }

  target(name: string): Entity {
    return this.model.catalog.entities.get(name)!;
  }

  rootField(name: string): GraphQLField<unknown, unknown> {
    return this.model.schema.getQueryType()!.getFields()[name]!;
  }

  mutationField(name: string): GraphQLField<unknown, unknown> {
    return this.model.schema.getMutationType()!.getFields()[name]!;
  }

  field(entity: Entity, name: string): GraphQLField<unknown, unknown> {
    return (this.model.schema.getType(entity.name) as GraphQLObjectType).getFields()[name]!;
  }

  /** @returns an unused variable name for the rows of a quantifier */
  freshVariable(): string {
    return `row${++this.#names}`;
  }
}
