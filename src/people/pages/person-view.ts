// HTML of users as administrators see them, and the forms of one user.

import { type Role, roles } from '../../auth/scopes/roles.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { button, checkboxes, field, form, name, notice, select, time } from '../../pages/parts.ts';
import type { Delivery } from '../services/delivery.ts';
import type { Person } from '../services/person.ts';
import type { FormErrors } from './form-faults.ts';

export const peoplePath = '/account/people';

const roleNames = { administrator: 'Administrator', editor: 'Editor', viewer: 'Viewer' } as const;

export const delivered = (email: string, { sent, link, expiresAt }: Delivery): Html =>
  notice(
    sent
      ? html`An e-mail with a link was sent to ${name(email)}. The link expires ${time(expiresAt)}.`
      : html`Give this link to ${name(email)} only. It works once, expires ${time(expiresAt)}, and will not be shown again.<code class="secret">${link}</code>`,
    'good',
  );

export const toItem = (person: Person): Html =>
  html`<li><div><a href="${peoplePath}/${person.id}"><strong>${name(person.name || person.email)}</strong></a> ${badges(person)}
<div class="hint">${name(person.email)}${person.lastSignInAt && html` · last signed in ${time(person.lastSignInAt)}`}</div></div></li>`;

const badges = ({ role, state }: Person): Part => [
  html`<span class="badge">${role ? roleNames[role] : 'No role'}</span>`,
  state !== 'active' && html` <span class="badge alarm">${state}</span>`,
];

export const about = (person: Person, signedIn: number): Html =>
  html`<section class="sheet"><dl class="facts">
<dt>E-mail</dt><dd>${name(person.email)}</dd>
<dt>State</dt><dd>${person.state}</dd>
<dt>Created</dt><dd>${time(person.createdAt)}</dd>
<dt>Last sign-in</dt><dd>${person.lastSignInAt ? time(person.lastSignInAt) : 'Never'}</dd>
<dt>Sessions</dt><dd>${signedIn}</dd>
</dl></section>`;

export const roleChoice = (chosen: Role | null): Html =>
  select('role', 'Role', [
    ...roles.map(role => ({ value: role, label: roleNames[role], checked: role === chosen })),
    { value: '', label: 'None (scopes only)', checked: chosen === null },
  ]);

export const changeForm = (
  visit: Visit,
  person: Person,
  scopes: readonly string[],
  errors: FormErrors,
): Html =>
  html`<section class="sheet"><h2>Name, role and scopes</h2>
${form(visit.request.path, visit.guarded, [
  field({
    name: 'name',
    label: 'Name',
    value: person.name,
    error: errors.name,
    required: false,
    lengthMax: 100,
  }),
  roleChoice(person.role),
  html`<div class="many">${checkboxes(
    'scope',
    'Scopes beyond the role',
    scopes.map(scope => ({
      value: scope,
      label: html`<code>${scope}</code>`,
      checked: person.scopes.includes(scope),
    })),
  )}</div>`,
  button('Save', 'quiet', { name: 'do', value: 'save' }),
])}</section>`;

export function actions(
  { guarded, request, session }: Visit,
  { id, state, email }: Person,
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
