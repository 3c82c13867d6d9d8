// What is checked of a webhook before it is stored.

import { coversScope, requireScopes } from '../../auth/scopes/scopes.ts';
import { type Fault, fault } from '../../base/errors.ts';
import { coversSet, type Principal } from '../../base/principal.ts';
import type { Entity } from '../../catalog/catalog.ts';
import { type OutboundError, toUrl } from '../../outbound/outbound.ts';
import type { Webhook } from '../model/webhook.ts';

const nameLengthMax = 200;
const urlLengthMax = 2_000;

/** A webhook lasts longer than a token, and than the access that a key made with a token ends with. */
export function requireLasting({ kind, origin }: Principal): void {
  if (kind !== 'token' && !origin) return;
  throw fault('SCOPE_MISSING', 'Access tokens, and API keys made with one, cannot manage webhooks.', {
    hint: 'Use an API key that a user made, or sign in.',
  });
}

/** What a webhook sends, and where to, is for credentials that may do all that it may. @throws SCOPE_MISSING */
export const requireReach = ({ scopes }: Principal, webhook: Webhook): void =>
  requireScopes(scopes, webhook.scopes, 'This credential');

/** Users see all their webhooks; a key those that may do no more than itself, since a URL can be a secret. */
export function maySee(principal: Principal, { userId, scopes }: Webhook): boolean {
  if (principal.scopes.has('admin')) return true;
  if (userId !== principal.userId) return false;
  return principal.kind === 'session' || scopes.every(scope => coversScope(principal.scopes, scope));
}

/** @throws SCOPE_MISSING for a set that the webhook can never get events of */
export function requireWithin({ scopes }: Webhook, events: readonly string[], sets: readonly Entity[]): void {
  const held = new Set(scopes);
  const named = sets.filter(({ set }) => events.some(event => event.startsWith(`${set}.`)));
  const missing = named.find(({ set }) => !coversSet(held, set, 'read'));
  if (!missing) return;
  throw fault('SCOPE_MISSING', `The webhook was created without the scope "${missing.set}:read".`, {
    hint: 'Create another webhook for these events.',
    target: 'events',
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
