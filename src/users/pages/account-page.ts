// /account: a user's own profile, password and sessions.

import type { Audit } from '../../audit/create-audit.ts';
import type { LiveSession, Sessions } from '../../auth/sessions/sessions.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { type Html, html } from '../../pages/html.ts';
import { redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name, notice, time } from '../../pages/parts.ts';
import type { SessionSummary } from '../../platform/tables/sessions.ts';
import type { UserServices } from '../services/create-user-services.ts';
import { deviceName } from '../services/device-name.ts';
import { type FormErrors, type FormProblem, faultsOf } from './form-faults.ts';
import { newPassword, usernameFor } from './link-pages.ts';

export interface AccountPageDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly audit: Pick<Audit, 'record'>;
}

const path = '/account';

/** What was just done, by `?done=`. */
const done: Readonly<Record<string, string>> = {
  welcome: 'Welcome. Your account is ready.',
  name: 'Name saved.',
  password: 'Password changed. All other sessions were signed out.',
  ended: 'Session signed out.',
};

const roleNames = { administrator: 'Administrator', editor: 'Editor', viewer: 'Viewer' } as const;

export function accountPage(deps: AccountPageDeps): Route[] {
  const { account } = deps.pages;
  return [
    account.get(path, visit => render(deps, visit)),
    account.post(`${path}/name`, (visit, sent) => changeName(deps, visit, sent.get('name'))),
    account.post(`${path}/password`, (visit, sent) =>
      changePassword(deps, visit, sent.get('current'), sent.get('password')),
    ),
    account.post(`${path}/sessions/end`, (visit, sent) => end(deps, visit, sent.get('session'))),
    account.post(`${path}/sessions/end-all`, visit => endAll(deps, visit)),
    // The address bar keeps the form's action after an error, and the user may reload it.
    ...['name', 'password', 'sessions/end', 'sessions/end-all'].map(rest =>
      account.get(`${path}/${rest}`, () => redirect(path)),
    ),
  ];
}

async function render(
  { userServices, sessions }: AccountPageDeps,
  visit: Visit,
  wrong?: FormProblem,
): Promise<Answer> {
  const errors = wrong?.errors ?? {};
  const { user, principal } = visit.session;
  const message = done[new URLSearchParams(visit.request.query).get('done') ?? ''];
  return visit.page({
    title: 'Your account',
    here: path,
    status: wrong?.fault.status ?? 200,
    body: html`<h1>Your account</h1>
${!wrong && message && notice(message, 'good')}
${errorSummary(errors)}
${profileSection(visit.guarded, visit.session, [...principal.scopes], errors)}
${(await userServices.passwords.has(user.id)) ? passwordSection(visit.guarded, user.email, errors) : noPasswordSection(userServices)}
${sessionsSection(visit.guarded, await sessions.list(user.id), visit.session.id)}`,
  });
}

async function changeName(deps: AccountPageDeps, visit: Visit, newName: string): Promise<Answer> {
  const { userServices } = deps;
  const { principal, user } = visit.session;
  const by = { principal, request: visit.request };
  const wrong = await faultsOf(
    async () => void (await userServices.users.change(user.id, { name: newName }, by)),
  );
  return wrong ? render(deps, visit, wrong) : redirect(`${path}?done=name`);
}

async function changePassword(
  deps: AccountPageDeps,
  visit: Visit,
  current: string,
  next: string,
): Promise<Answer> {
  const { userServices } = deps;
  const { user, id: sessionId } = visit.session;
  const change = { userId: user.id, current, next, sessionId };
  const wrong = await faultsOf(() => userServices.passwords.change(change, visit.request));
  return wrong ? render(deps, visit, wrong) : redirect(`${path}?done=password`);
}

async function end(deps: AccountPageDeps, { session, request }: Visit, id: string): Promise<Answer> {
  const { sessions, audit } = deps;
  if (await sessions.end(session.user.id, id))
    await audit.record({
      kind: 'session.ended',
      userId: session.user.id,
      subject: id,
      principal: session.principal,
      request,
    });
  if (id === session.id) return redirect('/sign-in?done=out', [sessions.dropCookie]);
  return redirect(`${path}?done=ended`);
}

async function endAll(deps: AccountPageDeps, { session, request }: Visit): Promise<Answer> {
  const { sessions, audit } = deps;
  const count = await sessions.endAll(session.user.id);
  const event = { kind: 'session.all-ended', userId: session.user.id, principal: session.principal };
  await audit.record({ ...event, request, details: { count } });
  return redirect('/sign-in?done=everywhere', [sessions.dropCookie]);
}

const profileSection = (
  guarded: Html,
  { user }: LiveSession,
  scopes: readonly string[],
  errors: FormErrors,
): Html =>
  html`<section class="sheet"><h2>Profile</h2>
<dl class="facts">
<dt>E-mail</dt><dd>${name(user.email)}</dd>
<dt>Role</dt><dd>${user.role ? roleNames[user.role] : 'None (scopes only)'}</dd>
<dt>Scopes</dt><dd>${scopes.length > 0 ? scopes.map(scope => html`<span class="badge">${scope}</span> `) : 'None yet'}</dd>
</dl>
${form(`${path}/name`, guarded, [
  field({
    name: 'name',
    label: 'Name',
    value: user.name,
    autocomplete: 'name',
    error: errors.name,
    required: false,
    lengthMax: 100,
  }),
  button('Save', 'quiet'),
])}</section>`;

const passwordSection = (guarded: Html, email: string, errors: FormErrors): Html =>
  html`<section class="sheet"><h2>Password</h2>
${form(`${path}/password`, guarded, [
  usernameFor(email),
  field({
    name: 'current',
    label: 'Current password',
    type: 'password',
    autocomplete: 'current-password',
    error: errors.current,
  }),
  newPassword(errors.password, 'New password'),
  button('Change password', 'quiet'),
])}</section>`;

const noPasswordSection = ({ hasMail }: UserServices): Html =>
  html`<section class="sheet"><h2>Password</h2>
<p>You have no password. You do not need one while you sign in with another provider. ${
    hasMail
      ? html`To set one, <a href="/reset">request a link</a>.`
      : 'To set one, ask an administrator for a link.'
  }</p></section>`;

const sessionsSection = (guarded: Html, list: readonly SessionSummary[], current: string): Html =>
  html`<section class="sheet"><h2>Sessions</h2>
<p class="faded">Devices where you are signed in.</p>
<ul class="items">${list.map(
    session => html`<li><div><strong>${deviceName(session.userAgent)}</strong>${session.id === current && html` <span class="badge">this device</span>`}
<div class="hint">${session.address ?? 'unknown address'} · signed in ${time(session.createdAt)} · last seen ${time(session.lastSeenAt)}</div></div>
${
  session.id !== current &&
  form(
    `${path}/sessions/end`,
    guarded,
    [
      html`<input type="hidden" name="session" value="${session.id}">`,
      button(html`Sign out<span class="unseen"> ${deviceName(session.userAgent)}</span>`, 'danger small'),
    ],
    'inline',
  )
}</li>`,
  )}</ul>
${form(`${path}/sessions/end-all`, guarded, button('Sign out everywhere', 'danger'))}</section>`;
