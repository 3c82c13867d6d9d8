// Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

/** @returns a new secret, as receivers configure it */
export const makeWebhookSecret = (): string => prefix + randomBytes(secretBytes).toString('base64');

/** What is signed. */
export interface Message {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** @param secrets with their prefix; a receiver accepts a signature of any @returns the headers of a delivery */
export function signedHeaders(message: Message, secrets: readonly string[]): Record<string, string> {
  const { id, timestamp } = message;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map(secret => `v1,${sign(message, secret)}`).join(' '),
  };
}

const sign = ({ id, timestamp, body }: Message, secret: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
