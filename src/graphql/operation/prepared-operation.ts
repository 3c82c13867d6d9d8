// What is prepared of an operation, and what it is prepared from.

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
  /** Values of the literals that were lifted out of the document. */
  readonly literals?: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly format: NumberFormat;
}

export interface PreparedOperation {
  readonly kind: OperationDefinitionNode['operation'];
  /** In the order of the answer. */
  readonly roots: readonly PreparedRoot[];
  /** Of mutations: whether each counts for itself. */
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
