import type { Logger } from './base/log.ts';

/** After so long, whatever still holds the process is given up. */
const endMs = 40_000;

/** SIGTERM or SIGINT stops in good order; a second one ends the process at once. */
export function stopOnSignals(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
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
