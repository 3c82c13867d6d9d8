import { servedAs } from './message/operation.ts';
import { json } from './message/respond.ts';
import type { Route } from './message/route.ts';
import { serverOperations } from './server-operations.ts';

/** A condition for answering requests. */
export interface Check {
  readonly name: string;
  /** @returns why the check fails, or undefined if it passes; throwing counts as failing */
  readonly run: () => Promise<string | undefined>;
  /** Whether requests are still answered, with reduced service, when the check fails. */
  readonly degrades?: boolean;
}

/** A check that takes longer fails. */
const checkMs = 2_000;

/**
 * `/healthz` reports that the process is alive, `/readyz` whether it can answer requests, with the reasons if it cannot or if
 * service is reduced. Neither needs a key, so reasons name no addresses and no versions. Concurrent requests share one run
 * of each check.
 */
export function healthRoutes(checks: readonly Check[]): Route[] {
  const reasonsNow = shared(() => reasonsAgainst(checks.filter(({ degrades }) => !degrades)));
  const degradedNow = shared(() => reasonsAgainst(checks.filter(({ degrades }) => degrades)));
  const { alive, ready } = serverOperations;
  return [
    { ...servedAs(alive), open: true, always: true, handle: () => json(200, { status: 'alive' }) },
    {
      ...servedAs(ready),
      open: true,
      always: true,
      async handle() {
        const [reasons, found] = await Promise.all([reasonsNow(), degradedNow()]);
        const degraded = found.length > 0 ? found : undefined;
        if (reasons.length === 0) return json(200, { status: 'ready', degraded });
        return json(503, { status: 'not ready', reasons, degraded }, { 'retry-after': '5' });
      },
    },
  ];
}

/** Concurrent callers share one run and its result. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function reasonsAgainst(checks: readonly Check[]): Promise<string[]> {
  const reasons = await Promise.all(checks.map(reasonAgainst));
  return reasons.filter(reason => reason !== undefined);
}

async function reasonAgainst(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(resolve, checkMs, `${check.name} does not answer`);
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch {
    return `${check.name} does not answer`;
  } finally {
    clearTimeout(timer);
  }
}
