// Prepares all mutations of an operation, and collects all their errors, before any of them runs.

import { type FieldNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { Fault, fault } from '../../base/errors.ts';
import { type ChangeFault, changeFault, RefusedChange } from '../../query/change/refusal/fault.ts';
import type { Engine } from '../../query/engine.ts';
import { partsOf } from '../document/document-parts.ts';
import { toGraphqlError } from '../model/graphql-error.ts';
import type { Mutation } from '../model/mutations.ts';
import { collectFields } from '../translate/arguments/collect-fields.ts';
import { type Model, Translation } from '../translate/arguments/translation.ts';
import { mutationToChange } from '../translate/mutation-to-change.ts';
import { coerceLeniently, type VariableFault } from './coerce-variables.ts';
import type { OperationRequest, PreparedRoot } from './prepared-operation.ts';
import { variablePlaces } from './variable-places.ts';

/**
 * @param other prepares root fields that are not the catalog's
 * @throws AggregateError of GraphQLErrors, one for each mutation that cannot run; Fault
 */
export function prepareWrites(
  engine: Engine,
  model: Model,
  request: OperationRequest,
  {
    operation,
    known,
    other,
  }: {
    readonly operation: OperationDefinitionNode;
    readonly known: () => GraphQLSchema;
    readonly other: (key: string, node: FieldNode) => PreparedRoot;
  },
): PreparedRoot[] {
  const coerced = coerceLeniently(model.schema, operation, request.variables ?? {}, known);
  const values = request.literals ? { ...coerced.values, ...request.literals } : coerced.values;
  const translation = new Translation(model, partsOf(request.document).fragments, values);
  const preparation = new Preparation(engine, translation, request, coerced.faults);
  const roots = [...collectFields(translation, [operation.selectionSet])].map(([key, nodes]) => {
    const node = nodes[0]!;
    if (node.name.value === '__typename') return { kind: 'typename', key, value: 'Mutation' } as const;
    const mutation = model.mutations.get(node.name.value);
    return mutation ? preparation.prepare(key, mutation, nodes) : other(key, node);
  });
  preparation.end();
  refuseMixture(roots.filter(root => root !== undefined));
  return roots as PreparedRoot[];
}

class Preparation {
  readonly #engine: Engine;
  readonly #translation: Translation;
  readonly #request: OperationRequest;
  readonly #errors: GraphQLError[] = [];
  #variableFaults: readonly VariableFault[];

  constructor(
    engine: Engine,
    translation: Translation,
    request: OperationRequest,
    variableFaults: readonly VariableFault[],
  ) {
    this.#engine = engine;
    this.#translation = translation;
    this.#request = request;
    this.#variableFaults = variableFaults;
  }

  /** @returns undefined if the mutation cannot run */
  prepare(key: string, mutation: Mutation, nodes: readonly FieldNode[]): PreparedRoot | undefined {
    const { principal, format } = this.#request;
    const node = nodes[0]!;
    const variableFaults = this.#faultsOfVariables(variablePlaces(node));
    try {
      const { request, counts } = mutationToChange(this.#translation, mutation, nodes);
      const change = this.#engine.prepareChange(request, principal, format);
      if (variableFaults.length === 0) return { kind: 'write', key, mutation, change, counts, node };
      this.#refuse(key, node, changeFault(variableFaults, new RefusedChange(change.change)));
    } catch (error) {
      this.#refuse(key, node, withVariables(variableFaults, error));
    }
    return undefined;
  }

  /** @throws AggregateError if there was any error, including errors in unused variables */
  end(): void {
    const rest = this.#variableFaults;
    if (rest.length > 0) {
      const faults = rest.map(one => ({ ...one, path: `${one.variable}${one.path}` })).map(withoutVariable);
      this.#errors.push(toGraphqlError(changeFault(faults), this.#request.document.loc?.source));
    }
    if (this.#errors.length > 0) throw new AggregateError(this.#errors);
  }

  #refuse(key: string, node: FieldNode, error: unknown): void {
    if (!(error instanceof Fault)) throw error;
    const { message, extensions, originalError } = toGraphqlError(error);
    const place =
      error.at === undefined ? { nodes: node } : { source: node.loc?.source, positions: [error.at] };
    this.#errors.push(new GraphQLError(message, { ...place, path: [key], originalError, extensions }));
  }

  /** Removes and returns the faults of the variables that a mutation uses, with paths relative to its arguments. */
  #faultsOfVariables(places: ReadonlyMap<string, string>): ChangeFault[] {
    const own = this.#variableFaults.filter(({ variable }) => places.has(variable));
    this.#variableFaults = this.#variableFaults.filter(one => !own.includes(one));
    return own.map(one => withoutVariable({ ...one, path: `${places.get(one.variable)}${one.path}` }));
  }
}

/** Invalid variable values are missing from what the query engine gets, so it may report them as missing again. */
function withVariables(faults: readonly ChangeFault[], error: unknown): unknown {
  if (faults.length === 0 || (error instanceof Fault && error.code === 'SCOPE_MISSING')) return error;
  const found = error instanceof Fault ? ((error.details ?? []) as readonly ChangeFault[]) : [];
  const more = found.filter(({ path }) => !faults.some(known => isWithin(path, known.path)));
  return changeFault([...faults, ...more], error instanceof Fault ? error.cause : undefined);
}

const withoutVariable = ({ variable: _, ...rest }: VariableFault): ChangeFault => rest;

const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

/** The platform's mutations cannot be rolled back with the others. */
function refuseMixture(roots: readonly PreparedRoot[]): void {
  const other = roots.find(root => root.kind === 'other');
  if (!other || !roots.some(root => root.kind === 'write')) return;
  throw fault(
    'INVALID_OPERATION',
    `"${other.key}" cannot be combined with mutations of data in one request.`,
    {
      hint: 'Send it in a separate request.',
    },
  );
}
