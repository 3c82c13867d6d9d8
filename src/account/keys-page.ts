// /account/keys: the API keys of the signed-in user.

import type { By, CreatedKey, Keys } from '../auth/keys/keys.ts';
import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import { coversScope } from '../auth/scopes/scopes.ts';
import { Fault, fault } from '../base/errors.ts';
import { readIsoTime } from '../base/iso-time.ts';
import type { Answer } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import type { Visit } from '../pages/account-pages.ts';
import type { Pages } from '../pages/create-pages.ts';
import { redirect } from '../pages/page.ts';
import type { Form } from '../pages/read-form.ts';
import { createdPage, type KeyFields, keyForm, keyList, type PageErrors } from './render-keys.ts';

export interface KeysPageParts {
  readonly keys: Keys;
  readonly pages: Pick<Pages, 'account'>;
  readonly describeScope: ScopeDescriptions;
  readonly knownScopes: readonly string[];
}

const path = '/account/keys';

/** What was just done, by `?done=`. */
const done: Readonly<Record<string, string>> = { revoked: 'API key revoked.' };

/** Why a form could not be accepted. */
interface PageProblem {
  readonly errors: PageErrors;
  readonly status: number;
}

const emptyFields: KeyFields = { name: '', expiresAt: '', scopes: ['read'] };

export function keysPage(deps: KeysPageParts): Route[] {
  const { account } = deps.pages;
  return [
    account.get(path, visit => list(deps, visit)),
    account.get(`${path}/new`, visit => showForm(deps, visit)),
    account.post(`${path}/new`, (visit, sent) => create(deps, visit, sent), { lists: ['scope'] }),
    account.post(`${path}/rotate`, (visit, sent) => rotate(deps, visit, sent)),
    account.post(`${path}/revoke`, (visit, sent) => revoke(deps, visit, sent)),
    // The address bar keeps the form's action after an error, and the user may reload it.
    ...['rotate', 'revoke'].map(rest => account.get(`${path}/${rest}`, () => redirect(path))),
  ];
}

const byOf = ({ session, request }: Visit): By => ({ principal: session.principal, request });

async function list(
  { keys, describeScope }: KeysPageParts,
  visit: Visit,
  wrong?: PageProblem,
): Promise<Answer> {
  const message = done[new URLSearchParams(visit.request.query).get('done') ?? ''];
  const { id: owner } = visit.session.user;
  const mine = (await keys.list(byOf(visit), { owner })).reverse();
  const body = keyList(visit.guarded, mine, describeScope, {
    errors: wrong?.errors ?? {},
    message: wrong ? undefined : message,
  });
  return visit.page({ title: 'API keys', here: path, status: wrong?.status ?? 200, body });
}

/** Offers only scopes that the user has: a key cannot have more. */
function showForm(
  { knownScopes, describeScope }: KeysPageParts,
  visit: Visit,
  fields = emptyFields,
  wrong?: PageProblem,
): Answer {
  const held = visit.session.principal.scopes;
  const scopes = knownScopes.filter(scope => coversScope(held, scope));
  const body = keyForm(visit.guarded, fields, { scopes, describeScope, errors: wrong?.errors ?? {} });
  return visit.page({ title: 'Create New API Key', here: path, status: wrong?.status ?? 200, body });
}

async function create(deps: KeysPageParts, visit: Visit, sent: Form): Promise<Answer> {
  const { keys } = deps;
  const fields = { name: sent.get('name'), expiresAt: sent.get('expiresAt'), scopes: sent.all('scope') };
  try {
    const input = { ...fields, expiresAt: readDay(fields.expiresAt), userId: visit.session.user.id };
    return show(deps, visit, await keys.create(input, byOf(visit)));
  } catch (error) {
    return showForm(deps, visit, fields, toProblem(error));
  }
}

const show = (deps: KeysPageParts, visit: Visit, created: CreatedKey): Answer =>
  visit.page({ title: 'Your new API key', here: path, body: createdPage(created, deps.describeScope) });

async function rotate(deps: KeysPageParts, visit: Visit, sent: Form): Promise<Answer> {
  const { keys } = deps;
  try {
    const rotation = { overlapMs: readHours(sent.get('overlap')) * 3_600_000 };
    return show(deps, visit, await keys.rotate(sent.get('key'), rotation, byOf(visit)));
  } catch (error) {
    return list(deps, visit, toProblem(error));
  }
}

async function revoke({ keys }: KeysPageParts, visit: Visit, sent: Form): Promise<Answer> {
  await keys.revoke(sent.get('key'), byOf(visit));
  return redirect(`${path}?done=revoked`);
}

function readDay(text: string): Date | undefined {
  if (text.trim() === '') return undefined;
  const time = readIsoTime(text.trim());
  if (time) return time;
  throw fault('INVALID_VALUE', 'The date must look like 2027-01-31.', { target: 'expiresAt' });
}

function readHours(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw fault('INVALID_VALUE', 'Choose one of the listed periods.', { target: 'overlap' });
}

/** @returns the errors to show in the form @throws errors that the user cannot fix */
function toProblem(error: unknown): PageProblem {
  if (!(error instanceof Fault) || ![400, 403, 409].includes(error.status)) throw error;
  const { target = '', message, hint, status } = error;
  const text = target === 'scopes' ? 'Choose at least one scope.' : message;
  const fieldName = ['name', 'expiresAt'].includes(target) ? target : '';
  return { errors: { [fieldName]: hint && target !== 'scopes' ? `${text} ${hint}` : text }, status };
}
