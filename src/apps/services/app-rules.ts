// Rules for every app, whichever API creates or changes it.

import { type Fault, fault } from '../../base/errors.ts';
import type { AppView } from './app-view.ts';

interface Use {
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
}

/** @throws INVALID_VALUE for an app that could do nothing, and for secrets where none can be kept */
export function requireUse({ redirectUris, confidential, clientCredentials }: Use): void {
  if (clientCredentials && !confidential)
    throw invalid('clientCredentials', 'Only a confidential app can act for itself.');
  const native = redirectUris.find(uri => !/^https?:/.test(uri));
  if (native && confidential)
    throw invalid('redirectUris', `Only public apps can use the redirect URI ${native.slice(0, 100)}.`);
  if (redirectUris.length === 0 && !clientCredentials)
    throw invalid('redirectUris', 'An app needs a redirect URI, unless it only acts for itself.');
}

/** @returns of what is wanted, that which is not so already: forms send all that an app has */
export function changed<Data extends object>(app: AppView, data: Data): Partial<Data> {
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(app[name as keyof AppView]);
  return Object.fromEntries(Object.entries(data).filter(differs)) as Partial<Data>;
}

export const unknownApp = (id: string): Fault =>
  fault('NOT_FOUND', `There is no app ${id.slice(0, 40)}.`, { target: 'id' });

const invalid = (target: string, message: string): Fault => fault('INVALID_VALUE', message, { target });
