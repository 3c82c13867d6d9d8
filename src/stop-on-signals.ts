import type { Logger } from './base/log.ts';

/** After this time, the process exits even if something is still running. */
const endMs = 40_000;
/**
 * A signal this soon after the first is the same one: a terminal and systemd send it to the server and to npm, which
 * forwards it.
 */
const sameMs = 500;

/** SIGTERM or SIGINT stops gracefully; a second one ends the process at once. */
export function stopOnSignals(log: Logger, stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (stoppingSince !== undefined) return now - stoppingSince < sameMs ? undefined : process.exit(1);
    stoppingSince = now;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), endMs).unref();
    stop().then(
      () => log.info('stopped'),
      error => {
        log.error({ error }, 'graceful stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
