// Runs between parsing and validation, because some validation rules compare every pair of fields.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fault } from '../../base/errors.ts';
import type { DocumentLimits } from './limits.ts';

interface Size {
  readonly depth: number;
  readonly nodes: number;
  readonly aliases: number;
  readonly directives: number;
  readonly roots: number;
}

/**
 * A fragment counts once per use but is measured only once, so a long chain of fragments is rejected quickly.
 * @throws LIMIT_EXCEEDED
 */
export function checkSize(document: DocumentNode, limits: DocumentLimits): void {
  const measure = new Measure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION)
      continue;
    const size = measure.selectionSet(definition.selectionSet);
    const at = definition.loc?.start;
    refuse('levels of nesting', size.depth - 1, limits.depthMax, at);
    refuse('fields', size.nodes, limits.nodesMax, at);
    refuse('aliases', size.aliases, limits.aliasesMax, at);
    refuse('directives', size.directives, limits.directivesMax, at);
    if (definition.kind === Kind.OPERATION_DEFINITION)
      refuse('root fields', size.roots, limits.rootFieldsMax, at);
  }
}

function refuse(what: string, count: number, max: number, at?: number): void {
  if (count <= max) return;
  throw fault('LIMIT_EXCEEDED', `The query has ${count} ${what}; at most ${max} are allowed.`, {
    hint: 'Split it into several queries.',
    at,
  });
}

const nothing: Size = { depth: 0, nodes: 0, aliases: 0, directives: 0, roots: 0 };

class Measure {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #sizes = new Map<string, Size>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  selectionSet({ selections }: SelectionSetNode): Size {
    let total = nothing;
    for (const selection of selections) total = sum(total, this.#selection(selection));
    return { ...total, depth: Math.max(total.depth, 1) };
  }

  #selection(node: SelectionNode): Size {
    const directives = node.directives?.length ?? 0;
    const inner = this.#inside(node);
    return { ...inner, directives: inner.directives + directives };
  }

  #inside(node: SelectionNode): Size {
    if (node.kind === Kind.FIELD) return this.#field(node);
    return node.kind === Kind.INLINE_FRAGMENT
      ? this.selectionSet(node.selectionSet)
      : this.#fragment(node.name.value);
  }

  /** Introspection queries are deeply nested; graphql-js has its own rule to limit them. */
  #field(node: FieldNode): Size {
    const inner = node.selectionSet ? this.selectionSet(node.selectionSet) : nothing;
    const isIntrospection = node.name.value.startsWith('__');
    return {
      ...inner,
      depth: isIntrospection ? 1 : inner.depth + 1,
      nodes: inner.nodes + 1,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      roots: 1,
    };
  }

  /** A recursive fragment counts as empty here; validation rejects it. */
  #fragment(name: string): Size {
    const known = this.#sizes.get(name);
    if (known) return known;
    this.#sizes.set(name, nothing);
    const definition = this.#fragments.get(name);
    const size = definition ? this.selectionSet(definition.selectionSet) : nothing;
    this.#sizes.set(name, size);
    return size;
  }
}

const sum = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  nodes: a.nodes + b.nodes,
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  roots: a.roots + b.roots,
});
