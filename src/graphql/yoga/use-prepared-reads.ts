import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { parseExactJson } from '../../base/exact-json.ts';
import type { Call } from '../http/call.ts';
import type { PreparedOperation } from '../operation/prepared-operation.ts';
import type { GraphqlDoor } from '../operation/prepared-schema.ts';
import { type ReadRoot, runRoot } from '../operation/run-operation.ts';
import { isWrite } from '../operation/run-writes.ts';
import { completeErrors } from './complete-errors.ts';
import { executeWrites } from './execute-writes.ts';
import { type Execution, prepareExecution } from './prepare-execution.ts';

/**
 * All reads of an operation are prepared before it runs, so that what is not permitted, or too large, refuses the whole
 * request. What runs sees the schema cut to what the caller may know of.
 */
export const usePreparedReads = (door: GraphqlDoor): Plugin<{ call: Call }> => ({
  async onExecute({ args, setExecuteFn }) {
    const { call } = args.contextValue;
    const operation = await prepared(door, args, call);
    if (isWrite(operation)) {
      setExecuteFn(() => executeWrites(door, operation, call));
      return;
    }
    const reads = new Map(
      operation.roots.flatMap(root => (root.kind === 'read' ? [[root.key, root] as const] : [])),
    );
    args.schema = door.schemaFor(call.principal);
    Object.assign(args.contextValue, { ...call, answerRoot: answerRoot(door, reads, call) });
    setExecuteFn(given => execute({ ...given, hideSuggestions: true }));
  },
});

async function prepared(door: GraphqlDoor, args: Execution, call: Call): Promise<PreparedOperation> {
  try {
    return prepareExecution(door, args, call);
  } catch (error) {
    throw await completeErrors(door.engine, error, call.signal);
  }
}

const answerRoot =
  (door: GraphqlDoor, reads: ReadonlyMap<string, ReadRoot>, call: Call) => async (key: string) => {
    const root = reads.get(key);
    if (!root) throw new Error(`No read was prepared for ${key}.`);
    const { text, truncated } = await runRoot(door.engine, root, call.signal);
    call.truncated.push(...truncated);
    return parseExactJson(text);
  };
