import { type DestinationStream, symbols } from 'pino';
import { type Logger, withoutKey, withoutSecrets } from '../base/log.ts';
import type { Exchange, Outcome } from './exchange.ts';

export interface AccessLog {
  write(exchange: Exchange, outcome: Outcome): void;
  /** Writes the buffered lines. */
  flush(): void;
}

/** Lines are buffered for this long, so that many requests share one write. */
const holdMs = 100;
const heldBytesMax = 49_152;
const lineBytesMax = 16_384;
const urlShownMax = 2_000;
const level = 30;

/**
 * One line per request, at level `info`, in the format and at the destination of the log: method, URL, request id and the
 * principal's id. It never holds a secret: the value of `api_key`, and what looks like the secret of a link, are redacted.
 *
 * In the pretty format, lines are written one at a time, as the formatter expects.
 * The line is built here because the log's own redaction costs as much as a third of a small request. It is buffered as
 * bytes because strings that outlive their request make every garbage collection longer.
 */
export function createAccessLog(log: Logger, format: 'json' | 'pretty'): AccessLog {
  const destination = (log as unknown as Record<symbol, DestinationStream>)[symbols.streamSym]!;
  const heldMax = format === 'json' ? heldBytesMax : 0;
  const held = Buffer.allocUnsafe(heldBytesMax + lineBytesMax);
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (size > 0) destination.write(held.toString('utf8', 0, size));
    size = 0;
  }

  function write(exchange: Exchange, outcome: Outcome): void {
    if (!log.isLevelEnabled('info')) return;
    size += held.write(line(exchange, outcome), size);
    if (size > heldMax) flush();
    else timer ??= setTimeout(flush, holdMs).unref();
  }

  return { write, flush };
}

function line({ request, principal, match }: Exchange, { status, durationMs }: Outcome): string {
  const { method, head, path, id } = request;
  const query = match?.route.secretQuery && request.query ? '[redacted]' : request.query;
  const shownPath = mayHoldSecret(path) ? withoutSecrets(path.replace(secretSegment, '/[redacted]')) : path;
  const url = JSON.stringify(
    (query === '' ? shownPath : `${shownPath}?${shownQuery(query)}`).slice(0, urlShownMax),
  );
  const caller = principal?.id ? `,"principal":${JSON.stringify(principal.id)}` : '';
  return (
    `{"level":${level},"time":${Date.now()},"method":"${head ? 'HEAD' : method}","url":${url},"status":${status},` +
    `"durationMs":${durationMs.toFixed(2)}${caller},"requestId":"${id}","msg":"request"}\n`
  );
}

/** A path segment that looks like 256 random bits in base64url: the secret of an invitation link, for example. */
const secretSegment = /\/[\w-]{43}(?=\/|$)/g;
const mayHoldSecret = (path: string): boolean => path.length > 43;

/** Whether a parameter may hold a credential, however its name is encoded. Most queries are ruled out here. */
const mayHoldKey = /(?:^|[?&#;])[^?&#;=]*(?:api|token|secret|code|%)/i;

/** Three substring searches cost a fifth of one regular expression. */
const mayHoldForm = (query: string): boolean =>
  query.includes('pk_') || query.includes('pas_') || query.includes('eyJ');

const shownQuery = (query: string): unknown =>
  mayHoldKey.test(query) || mayHoldForm(query) ? withoutKey(query) : query;
