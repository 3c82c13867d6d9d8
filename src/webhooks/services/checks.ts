// What is checked of a webhook before it is stored.

import { type Fault, fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { type OutboundError, toUrl } from '../../outbound/outbound.ts';
import type { Webhook } from '../model/webhook.ts';

const nameLengthMax = 200;
const urlLengthMax = 2_000;

/** A webhook lasts longer than a token, so apps cannot create one. */
export function requireLasting({ kind }: Principal): void {
  if (kind !== 'token') return;
  throw fault('SCOPE_MISSING', 'Access tokens cannot manage webhooks.', {
    hint: 'Use an API key, or sign in.',
  });
}

export function requireActive({ disabledAt }: Webhook): void {
  if (disabledAt === null) return;
  throw fault('CONFLICT', 'The webhook is disabled.', { hint: 'Enable it first: {"active": true}.' });
}

export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed && trimmed.length <= nameLengthMax && !trimmed.includes('\0')) return trimmed;
  throw fault('INVALID_VALUE', `"name" must have 1 to ${nameLengthMax} characters.`, { target: 'name' });
}

export function checkFields(fields: readonly string[], sets: readonly Entity[]): string[] {
  for (const name of fields)
    if (!sets.some(entity => entity.fields.has(name)))
      throw fault('INVALID_VALUE', `None of these sets has a field "${name.slice(0, 100)}".`, {
        target: 'fields',
      });
  return [...new Set(fields)];
}

const invalidUrl = (message: string): Fault => fault('INVALID_VALUE', message, { target: 'url' });

/** @returns the URL, normalized @throws INVALID_VALUE if it is no HTTP URL, or an address that may not be reached */
export function checkUrl(text: string, isAllowedHost: (host: string) => boolean): string {
  if (text.length > urlLengthMax) throw invalidUrl(`The URL is longer than ${urlLengthMax} characters.`);
  let url: URL;
  try {
    url = toUrl(text);
  } catch (error) {
    throw invalidUrl((error as OutboundError).message);
  }
  if (isAllowedHost(url.hostname)) return url.href;
  throw invalidUrl('The URL does not have a public address.');
}
