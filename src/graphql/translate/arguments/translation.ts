// What a translation carries along: the schema, the catalog, and what the operation brings.

import type { FragmentDefinitionNode, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Catalog, Entity } from '../../../catalog/catalog.ts';
import type { Mutation } from '../../model/mutations.ts';
import type { Root } from '../../model/roots.ts';

/** What stays the same for all operations. */
export interface Model {
  readonly schema: GraphQLSchema;
  readonly catalog: Catalog;
  readonly roots: ReadonlyMap<string, Root>;
  readonly mutations: ReadonlyMap<string, Mutation>;
  /** Root fields of the platform -> the scope that they take. */
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

  /** @returns a name for the rows that a quantifier goes through, used for no other */
  freshVariable(): string {
    return `row${++this.#names}`;
  }
}
