import type { GraphQLParams, Plugin } from 'graphql-yoga';
import type { Call } from '../http/call.ts';

/** The parameters come with the call, read once for both ways, every digit kept. */
export const useParams = (): Plugin<object, { call: Call }> => ({
  onRequestParse({ serverContext, setRequestParser }) {
    setRequestParser(() => ({ ...serverContext.call.params }) as GraphQLParams);
  },
});
