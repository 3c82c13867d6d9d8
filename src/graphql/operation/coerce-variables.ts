// Variables as the caller sent them -> values of their types.

import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { didYouMean } from '../../base/near-name.ts';
import type { ChangeFault, ChangeFaultCode } from '../../query/change/refusal/fault.ts';
import { inputNames } from '../document/explain-error.ts';
import { plainValues } from './plain-values.ts';

type Values = Readonly<Record<string, unknown>>;
/** Returns the schema that the caller may see, for hints. */
type Known = () => GraphQLSchema;

const errorsMax = 20;

/** @throws AggregateError of GraphQLErrors for variables of the wrong type */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Values,
  known: Known,
): Values {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return {};
  const plain = plainValues(schema, definitions, inputs);
  if (plain) return plain;
  const options = { maxErrors: errorsMax, hideSuggestions: true };
  const { coerced, errors } = getVariableValues(schema, definitions, inputs, options);
  if (coerced) return coerced;
  throw new AggregateError(errors.map(error => explainVariable(error, known)));
}

/** graphql-js reports an unknown field in a variable's value only in the message text. */
const unknownField = /Field "(\w+)" is not defined by type "(\w+)"/;
const missingField = /^Field "(\w+)" of required type/;

function explainVariable(error: GraphQLError, known: Known): GraphQLError {
  const [, field, type] = unknownField.exec(error.message) ?? [];
  const hint = field === undefined ? undefined : didYouMean(field, inputNames(known(), type));
  const code = field === undefined ? 'INVALID_VALUE' : 'UNKNOWN_FIELD';
  return new GraphQLError(error.message, { nodes: error.nodes, extensions: { code, ...(hint && { hint }) } });
}

/** An error in part of a variable's value; the path is relative to the variable. */
export interface VariableFault extends ChangeFault {
  readonly variable: string;
}

export interface CoercedVariables {
  /** Without the invalid values. */
  readonly values: Values;
  readonly faults: readonly VariableFault[];
}

/** Like `coerceVariables`, but returns the errors together with the valid values, so that those can be checked further. */
export function coerceLeniently(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Values,
  known: Known,
): CoercedVariables {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return { values: {}, faults: [] };
  const coerced = plainValues(schema, definitions, inputs);
  if (coerced) return { values: coerced, faults: [] };
  const all: Coerced = { values: {}, faults: [] };
  for (const definition of definitions) coerceOne(schema, definition, { inputs, known }, all);
  return all;
}

interface Coerced {
  readonly values: Record<string, unknown>;
  readonly faults: VariableFault[];
}

/** Adds the value of one variable, and what is wrong with it. */
function coerceOne(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  { inputs, known }: { readonly inputs: Values; readonly known: Known },
  { values, faults }: Coerced,
): void {
  const variable = definition.variable.name.value;
  const input = Object.hasOwn(inputs, variable) ? { [variable]: inputs[variable] } : {};
  const result = getVariableValues(schema, [definition], input, { hideSuggestions: true });
  if (result.coerced) {
    Object.assign(values, result.coerced);
    return;
  }
  const at = definition.loc?.start;
  const type = typeFromAST(schema, definition.type as never) as
    | Parameters<typeof coerceInputValue>[1]
    | undefined;
  if (!Object.hasOwn(inputs, variable) || !type) {
    faults.push({ variable, path: '', code: 'REQUIRED', message: 'A value is required.', at });
    return;
  }
  const onError = (path: readonly (string | number)[], value: unknown, error: GraphQLError) =>
    faults.push({ variable, at, ...explainPart(path, value, error, known) });
  values[variable] = coerceInputValue(inputs[variable], type, onError, true);
}

function explainPart(
  path: readonly (string | number)[],
  value: unknown,
  { message }: GraphQLError,
  known: Known,
): Omit<ChangeFault, 'at'> {
  const place = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const [, missing] = missingField.exec(message) ?? [];
  if (missing !== undefined)
    return { path: `${place}.${missing}`, code: 'REQUIRED', message: 'A value is required.' };
  const [, unknown, type] = unknownField.exec(message) ?? [];
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, inputNames(known(), type));
    return {
      path: `${place}.${unknown}`,
      code: 'UNKNOWN_FIELD',
      message: `Unknown field "${unknown}".`,
      hint,
    };
  }
  const code: ChangeFaultCode = value === null ? 'REQUIRED' : 'INVALID_VALUE';
  return { path: place, code, message: value === null ? 'A value is required, not null.' : message };
}
