import { subscribe } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { fault } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Call } from '../http/call.ts';
import { ShownStream } from '../http/shown-stream.ts';
import type { GraphqlApi } from '../operation/prepared-schema.ts';
import { prepareExecution } from './prepare-execution.ts';

/** Subscriptions run through graphql-js itself, and bypass Yoga's response through `Call.results`. */
export const useLive = (api: GraphqlApi, log: Logger): Plugin<{ call: Call }> => ({
  onSubscribe({ args, setSubscribeFn }) {
    const { call } = args.contextValue;
    if (!call.acceptsStream) throw noStream();
    // Reports errors in variables in the same format as for other operations.
    prepareExecution(api, args, call);
    Object.assign(args.contextValue, call);
    setSubscribeFn(subscribe);
    return {
      onSubscribeResult({ result, setResult }) {
        if (!isAsyncIterable(result)) return;
        call.results = new ShownStream(result, call.requestId, log);
        setResult({ data: null });
      },
    };
  },
});

const noStream = () =>
  fault('NOT_ACCEPTABLE', 'Subscriptions are only available as server-sent events.', {
    hint: 'Send "Accept: text/event-stream".',
  });
