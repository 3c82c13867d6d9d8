import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { parseExactJson } from '../../base/exact-json.ts';
import type { Call } from '../http/call.ts';
import type { PreparedOperation } from '../operation/prepared-operation.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';
import { type ReadRoot, runRoot } from '../operation/run-operation.ts';
import { isWrite } from '../operation/run-writes.ts';
import { completeErrors } from './complete-errors.ts';
import { executeWrites } from './execute-writes.ts';
import { type Execution, prepareExecution } from './prepare-execution.ts';

/**
 * Prepares all reads of an operation before it runs, so that one that is forbidden or too expensive fails the whole
 * request. Execution uses the schema that the caller may see.
 */
export const usePreparedReads = (api: GraphqlApi): Plugin<{ call: Call }> => ({
  async onExecute({ args, setExecuteFn }) {
    const { call } = args.contextValue;
    const operation = await prepared(api, args, call);
    if (isWrite(operation)) {
      setExecuteFn(() => executeWrites(api, operation, call));
      return;
    }
    const reads = new Map(
      operation.roots.flatMap(root => (root.kind === 'read' ? [[root.key, root] as const] : [])),
    );
    args.schema = api.schemaFor(call.principal);
    Object.assign(args.contextValue, { ...call, answerRoot: answerRoot(api, reads, call) });
    setExecuteFn(options => execute({ ...options, hideSuggestions: true }));
  },
});

async function prepared(api: GraphqlApi, args: Execution, call: Call): Promise<PreparedOperation> {
  try {
    return prepareExecution(api, args, call);
  } catch (error) {
    throw await completeErrors(api.engine, error, call.signal);
  }
}

const answerRoot =
  (api: GraphqlApi, reads: ReadonlyMap<string, ReadRoot>, call: Call) => async (key: string) => {
    const root = reads.get(key);
    if (!root) throw new Error(`No read was prepared for ${key}.`);
    const { text, truncated } = await runRoot(api.engine, root, call.signal);
    call.truncated.push(...truncated);
    return parseExactJson(text);
  };
