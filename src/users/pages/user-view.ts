// HTML of users as administrators see them, and the forms of one user.

import { type Role, roles } from '../../auth/scopes/roles.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { button, checkboxes, field, form, name, notice, select, time } from '../../pages/parts.ts';
import type { Delivery } from '../services/delivery.ts';
import type { User } from '../services/user.ts';
import type { FormErrors } from './form-faults.ts';

export const usersPath = '/account/people';

const roleNames = { administrator: 'Administrator', editor: 'Editor', viewer: 'Viewer' } as const;

export const delivered = (email: string, { sent, link, expiresAt }: Delivery): Html =>
  notice(
    sent
      ? html`An e-mail with a link was sent to ${name(email)}. The link expires ${time(expiresAt)}.`
      : html`Give this link to ${name(email)} only. It works once, expires ${time(expiresAt)}, and will not be shown again.<code class="secret">${link}</code>`,
    'good',
  );

export const toItem = (user: User): Html =>
  html`<li><div><a href="${usersPath}/${user.id}"><strong>${name(user.name || user.email)}</strong></a> ${badges(user)}
<div class="hint">${name(user.email)}${user.lastSignInAt && html` · last signed in ${time(user.lastSignInAt)}`}</div></div></li>`;

const badges = ({ role, state }: User): Part => [
  html`<span class="badge">${role ? roleNames[role] : 'No role'}</span>`,
  state !== 'active' && html` <span class="badge alarm">${state}</span>`,
];

export const about = (user: User, signedIn: number): Html =>
  html`<section class="sheet"><dl class="facts">
<dt>E-mail</dt><dd>${name(user.email)}</dd>
<dt>State</dt><dd>${user.state}</dd>
<dt>Created</dt><dd>${time(user.createdAt)}</dd>
<dt>Last sign-in</dt><dd>${user.lastSignInAt ? time(user.lastSignInAt) : 'Never'}</dd>
<dt>Sessions</dt><dd>${signedIn}</dd>
</dl></section>`;

export const roleChoice = (chosen: Role | null): Html =>
  select('role', 'Role', [
    ...roles.map(role => ({ value: role, label: roleNames[role], checked: role === chosen })),
    { value: '', label: 'None (scopes only)', checked: chosen === null },
  ]);

export const changeForm = (visit: Visit, user: User, scopes: readonly string[], errors: FormErrors): Html =>
  html`<section class="sheet"><h2>Name, role and scopes</h2>
${form(visit.request.path, visit.guarded, [
  field({
    name: 'name',
    label: 'Name',
    value: user.name,
    error: errors.name,
    required: false,
    lengthMax: 100,
  }),
  roleChoice(user.role),
  html`<div class="many">${checkboxes(
    'scope',
    'Scopes beyond the role',
    scopes.map(scope => ({
      value: scope,
      label: html`<code>${scope}</code>`,
      checked: user.scopes.includes(scope),
    })),
  )}</div>`,
  button('Save', 'quiet', { name: 'do', value: 'save' }),
])}</section>`;

export function actions(
  { guarded, request, session }: Visit,
  { id, state, email }: User,
  signedIn: number,
): Html {
  const act = (text: string, value: string, look: 'quiet' | 'danger' = 'quiet') =>
    form(request.path, guarded, button(text, look, { name: 'do', value }), 'inline');
  const isSelf = session.user.id === id;
  return html`<section class="sheet"><h2>Access</h2><div class="buttons">
${state === 'invited' && [act('Resend invitation', 'resend'), act('Withdraw invitation', 'withdraw', 'danger')]}
${state === 'active' && act('Send password reset', 'reset')}
${signedIn > 0 && act('Sign out everywhere', 'end-sessions')}
${!isSelf && (state === 'disabled' ? act('Enable account', 'enable') : act('Disable account', 'disable', 'danger'))}
</div></section>
${
  !isSelf &&
  html`<section class="sheet"><h2>Delete account</h2>
<p class="faded">This also deletes the user's API keys, sessions, apps and grants. The audit log is kept. This cannot be undone.</p>
${form(request.path, guarded, [
  field({ name: 'confirm', label: html`Type ${name(email)} to confirm`, autocomplete: 'off' }),
  button('Delete account', 'danger', { name: 'do', value: 'delete' }),
])}</section>`
}`;
}
