import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Call } from '../http/call.ts';

/** The parameters come from the call: read once for both paths, with exact numbers. */
export const useParams = (): Plugin<object, { call: Call }> => ({
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => ({ ...serverContext.call.params }) as GraphQLParams);
  },
});
