import type { Logger } from './base/log.ts';

/** After so long, whatever still holds the process is given up. */
const endMs = 40_000;
/**
 * What comes so soon after the first is the same signal: a terminal and systemd send it to the server and to npm, which
 * passes it on.
 */
const sameMs = 500;

/** SIGTERM or SIGINT stops in good order; another one later ends the process at once. */
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
        log.error({ error }, 'could not stop in good order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
