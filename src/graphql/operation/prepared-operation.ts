// A prepared operation, and the request that it is prepared from.

import type { DocumentNode, FieldNode, OperationDefinitionNode } from 'graphql';
import type { Principal } from '../../base/principal.ts';
import type { NumberFormat } from '../../query/ask/output-format.ts';
import type { PreparedChange } from '../../query/change/prepare.ts';
import type { PreparedRead } from '../../query/plan/prepared-read.ts';
import type { Mutation } from '../model/mutations.ts';
import type { Root } from '../model/roots.ts';
import type { CountOutput } from '../translate/mutation-to-change.ts';

export interface OperationRequest {
  /** Valid against the schema. */
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  /** As the caller sent them. */
  readonly variables?: Readonly<Record<string, unknown>> | null;
  /** The values of the literals lifted out of the document. */
  readonly literals?: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly format: NumberFormat;
}

export interface PreparedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  /** In response order. */
  readonly roots: readonly PreparedRoot[];
  /** For mutations: whether each is committed separately. */
  readonly independent?: boolean;
}

export type PreparedRoot =
  | {
      readonly kind: 'read';
      readonly key: string;
      readonly root: Root;
      readonly read: PreparedRead;
      readonly node: FieldNode;
    }
  | {
      readonly kind: 'write';
      readonly key: string;
      readonly mutation: Mutation;
      readonly change: PreparedChange;
      readonly counts?: readonly CountOutput[];
      readonly node: FieldNode;
    }
  | { readonly kind: 'typename'; readonly key: string; readonly value: string }
  | { readonly kind: 'other'; readonly key: string; readonly node: FieldNode };
