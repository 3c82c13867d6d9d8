// One attempt to deliver.

import { OutboundError, type OutboundResponse, type SendOutbound } from '../../outbound/outbound.ts';
import { signedHeaders } from '../model/signature.ts';
import type { Attempt } from '../model/webhook.ts';
import type { DueDelivery } from '../store/delivery-store.ts';
import { retryAfterMs } from './retries.ts';

export interface Outcome extends Omit<Attempt, 'at'> {
  readonly succeeded: boolean;
  /** What the receiver asks for. */
  readonly retryAfterMs: number;
}

export const attemptMs = 15_000;
const excerptBytes = 1_024;

/** Never fails: what goes wrong is the outcome. */
export async function attemptDelivery(
  send: SendOutbound,
  url: string,
  { id, payload }: DueDelivery,
  secrets: readonly string[],
): Promise<Outcome> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Portolan-Webhooks/1',
    ...signedHeaders({ id, timestamp, body: payload }, secrets),
  };
  try {
    const signal = AbortSignal.timeout(attemptMs);
    const response = await send({
      url,
      method: 'POST',
      headers,
      body: payload,
      timeoutMs: attemptMs,
      signal,
    });
    const { status } = response;
    const excerpt = await readExcerpt(response);
    return {
      succeeded: status >= 200 && status < 300,
      status,
      error: status >= 300 && status < 400 ? 'Redirects are not followed.' : null,
      excerpt,
      durationMs: durationMs(),
      retryAfterMs: retryAfterMs(response.headers['retry-after']),
    };
  } catch (error) {
    return failedOutcome(problemOf(error), durationMs());
  }
}

/** Without a response. */
export const failedOutcome = (error: string, durationMs = 0): Outcome => ({
  succeeded: false,
  status: null,
  error,
  excerpt: null,
  durationMs,
  retryAfterMs: 0,
});

function problemOf(error: unknown): string {
  if (error instanceof OutboundError) return error.message;
  if ((error as Error)?.name === 'TimeoutError')
    return `There was no response within ${attemptMs / 1_000} s.`;
  return 'The request failed.';
}

/** The status counts even if the body breaks off. */
async function readExcerpt({ body }: OutboundResponse): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= excerptBytes) break;
    }
  } catch {
    // What came is shown.
  } finally {
    body.destroy();
  }
  const text = Buffer.concat(parts).toString('utf8').slice(0, excerptBytes).replaceAll('\0', '\ufffd');
  return text.isWellFormed() ? text || null : text.toWellFormed();
}
