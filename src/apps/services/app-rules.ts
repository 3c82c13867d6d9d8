// What holds for every app, whoever makes or changes it.

import { effectiveScopes, requireScopes } from '../../auth/scopes/scopes.ts';
import { type Fault, fault } from '../../base/errors.ts';
import type { AppView } from './app-view.ts';
import type { Manager } from './manager.ts';

interface Use {
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
}

/** @throws INVALID_VALUE for an app that could do nothing, and for secrets where none can be kept */
export function requireUse({ redirectUris, confidential, clientCredentials }: Use): void {
  if (clientCredentials && !confidential)
    throw invalid('clientCredentials', 'Only an app that can keep a secret may act for itself.');
  const native = redirectUris.find(uri => !/^https?:/.test(uri));
  if (native && confidential)
    throw invalid('redirectUris', `Only public apps are opened by ${native.slice(0, 100)}.`);
  if (redirectUris.length === 0 && !clientCredentials)
    throw invalid('redirectUris', 'An app needs a redirect URI, unless it acts for itself alone.');
}

/** Nobody hands out more than they have: what the app could do for itself, its maker must be able to do. @throws SCOPE_MISSING */
export function requireReach(
  { principal }: Manager,
  app: { readonly scopes: readonly string[]; readonly clientCredentials: boolean },
  owned: ReadonlySet<string>,
): void {
  if (!principal || !app.clientCredentials) return;
  requireScopes(principal.scopes, effectiveScopes(app.scopes, owned), 'Your own credential');
}

/** @returns what the audit trail says of a change: the new values of what is no longer as it was */
export function changed(app: AppView, data: object): Record<string, unknown> {
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(app[name as keyof AppView]);
  return Object.fromEntries(Object.entries(data).filter(differs));
}

export const unknownApp = (id: string): Fault =>
  fault('NOT_FOUND', `There is no app ${id.slice(0, 40)}.`, { target: 'id' });

const invalid = (target: string, message: string): Fault => fault('INVALID_VALUE', message, { target });
