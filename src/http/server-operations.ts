// The routes of the server itself, declared: the list of its APIs, its health and its metrics.

import * as v from 'valibot';
import { declareOperations } from './message/operation.ts';

const degraded = v.optional(
  v.pipe(v.array(v.string()), v.description('What is missing although requests are served.')),
);

export const serverOperations = declareOperations({
  index: {
    id: 'listApis',
    tag: 'Server',
    method: 'GET',
    path: '/',
    summary: 'List the APIs of this server',
    needs: 'open',
    answer: v.object({
      name: v.literal('Portolan'),
      doors: v.record(v.string(), v.union([v.string(), v.array(v.string())])),
      credential: v.string(),
    }),
  },
  alive: {
    id: 'getHealth',
    tag: 'Server',
    method: 'GET',
    path: '/healthz',
    summary: 'Report that the process is alive',
    needs: 'open',
    answer: v.object({ status: v.literal('alive') }),
  },
  ready: {
    id: 'getReadiness',
    tag: 'Server',
    method: 'GET',
    path: '/readyz',
    summary: 'Report whether requests can be served',
    needs: 'open',
    answer: v.object({ status: v.literal('ready'), degraded }),
    otherAnswers: {
      503: v.object({ status: v.literal('not ready'), reasons: v.array(v.string()), degraded }),
    },
  },
  metrics: {
    id: 'getMetrics',
    tag: 'Server',
    method: 'GET',
    path: '/metrics',
    summary: 'Read the metrics in the format of Prometheus',
    notes: 'Requests from the same machine need no credential; all others need the scope `admin`.',
    returns: ['text/plain'],
    errors: ['SCOPE_MISSING'],
  },
});
