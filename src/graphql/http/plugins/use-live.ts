import { subscribe } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { fault } from '../../../base/errors.ts';
import type { Logger } from '../../../base/log.ts';
import type { GraphqlDoor } from '../../door.ts';
import { locating } from '../../graphql-error.ts';
import type { Call } from '../call.ts';
import { ShownStream } from '../shown-stream.ts';

/** Subscriptions run through graphql-js itself, and leave Yoga by the side door: `Call.results`. */
export const useLive = (door: GraphqlDoor, log: Logger): Plugin<{ call: Call }> => ({
  onSubscribe({ args, setSubscribeFn }) {
    const { call } = args.contextValue;
    if (!call.acceptsStream) throw noStream();
    const { document, operationName, variableValues: variables } = args;
    const request = {
      document,
      operationName,
      variables,
      principal: call.principal,
      format: 'strings',
    } as const;
    // Says what is wrong with the variables as for every other operation.
    locating(document.loc?.source, () => door.prepare(request));
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
  fault('NOT_ACCEPTABLE', 'A subscription is answered by server-sent events.', {
    hint: 'Accept text/event-stream.',
  });
