// HTML of the API key pages.

import type { CreatedKey, KeySummary } from '../auth/keys/keys.ts';
import type { ScopeDescriptions } from '../auth/scopes/describe-scope.ts';
import { ownedScopes } from '../auth/scopes/roles.ts';
import { type Html, html, type Part } from '../pages/html.ts';
import {
  button,
  buttonLink,
  type Choice,
  errorSummary,
  field,
  form,
  name,
  notice,
  select,
  time,
} from '../pages/parts.ts';
import { scopeChoices } from '../pages/scope-choices.ts';

/** Validation errors by field name; the empty name is for errors that concern no single field. */
export type PageErrors = Readonly<Record<string, string | undefined>>;

/** Values in the form for a new key. */
export interface KeyFields {
  readonly name: string;
  readonly expiresAt: string;
  readonly scopes: readonly string[];
}

const path = '/account/keys';

export const keyList = (
  guarded: Html,
  keys: readonly KeySummary[],
  describeScope: ScopeDescriptions,
  { errors, message }: { errors: PageErrors; message?: string },
): Html => {
  const active = keys.filter(({ state }) => state === 'active' || state === 'expiring');
  const inactive = keys.filter(key => !active.includes(key));
  return html`<h1>API keys</h1>
${message && notice(message, 'good')}
${errorSummary(errors)}
<section class="sheet"><p>Programs use an API key to read and write data on your behalf. Send it in the <code>X-API-Key</code> header, or use it as the password in Excel and Power BI.</p>
<p>${buttonLink(`${path}/new`, 'Create New API Key')}</p></section>
<section class="sheet"><h2>Active keys</h2>
${active.length === 0 ? html`<p class="faded">No active keys.</p>` : html`<ul class="items">${active.map(key => activeItem(guarded, key, describeScope))}</ul>`}</section>
${inactive.length > 0 && html`<section class="sheet"><details><summary>Inactive keys (${String(inactive.length)})</summary><ul class="items">${inactive.map(inactiveItem)}</ul></details></section>`}`;
};

const activeItem = (guarded: Html, key: KeySummary, describeScope: ScopeDescriptions): Html =>
  html`<li><div><strong>${name(key.name)}</strong>${key.warning && html` <span class="badge alarm">${key.warning}</span>`}
<div class="hint"><code>${key.prefix}_…${key.lastFour}</code></div>
<div>${key.scopes.map(scope => html`<span class="badge">${scope}</span> `)}</div>
<div class="hint">Created ${time(key.createdAt)}${key.appId && ' by an app; it is revoked when you disconnect the app'}. ${key.expiresAt ? html`Expires ${time(key.expiresAt)}.` : 'Never expires.'} ${lastUse(key)}</div>
<details><summary>Permissions<span class="unseen">: ${name(key.name)}</span></summary><ul>${sentences(key.scopes, describeScope).map(sentence => html`<li>${sentence}</li>`)}</ul></details>
${key.replacedBy === null && rotation(guarded, key)}</div>
${form(`${path}/revoke`, guarded, [hidden(key), button(html`Revoke<span class="unseen"> ${name(key.name)}</span>`, 'danger small')], 'inline')}</li>`;

/** Leaves out scopes that another one covers. */
const sentences = (scopes: readonly string[], describeScope: ScopeDescriptions): string[] =>
  ownedScopes({ role: null, scopes }, []).map(scope => `${describeScope(scope)}.`);

const lastUse = ({ lastUsedAt, lastUsedIp }: KeySummary): Part =>
  lastUsedAt
    ? html`Last used ${time(lastUsedAt)}${lastUsedIp && html` from <code>${lastUsedIp}</code>`}.`
    : 'Never used.';

const rotation = (guarded: Html, key: KeySummary): Html =>
  html`<details><summary>Rotate<span class="unseen"> ${name(key.name)}</span></summary>${form(
    `${path}/rotate`,
    guarded,
    [
      hidden(key),
      select('overlap', 'Keep the old key valid for', overlaps, { id: `overlap-${key.id}` }),
      button('Rotate key', 'small'),
    ],
  )}</details>`;

/** In hours. */
const overlaps: readonly Choice[] = [
  { value: '24', label: '1 day', checked: true },
  { value: '1', label: '1 hour' },
  { value: '168', label: '7 days' },
  { value: '720', label: '30 days' },
  { value: '0', label: 'Revoke it now' },
];

const hidden = ({ id }: KeySummary): Html => html`<input type="hidden" name="key" value="${id}">`;

const inactiveItem = (key: KeySummary): Html =>
  html`<li><div>${name(key.name)} <span class="badge">${key.state}</span><div class="hint"><code>${key.prefix}_…${key.lastFour}</code> ${lastUse(key)}</div></div></li>`;

export interface KeyFormParts {
  /** The scopes to offer. */
  readonly scopes: readonly string[];
  readonly describeScope: ScopeDescriptions;
  readonly errors: PageErrors;
}

export const keyForm = (
  guarded: Html,
  fields: KeyFields,
  { scopes, describeScope, errors }: KeyFormParts,
): Html =>
  html`<h1>Create New API Key</h1>
${errorSummary(errors)}
<section class="sheet">${form(`${path}/new`, guarded, [
    field({
      name: 'name',
      label: 'Name',
      value: fields.name,
      error: errors.name,
      lengthMax: 100,
      hint: 'What the key is for, such as "Price report".',
      focus: true,
    }),
    field({
      name: 'expiresAt',
      label: 'Expiry date',
      type: 'date',
      value: fields.expiresAt,
      required: false,
      hint: 'Optional. The key expires at 00:00 UTC on this day.',
      error: errors.expiresAt,
    }),
    scopes.length === 0
      ? html`<p class="faded">You have no permissions yet, so you cannot create a key. Ask an administrator for a role.</p>`
      : scopeChoices({ legend: 'Permissions', scopes, chosen: fields.scopes, describeScope }),
    html`<div class="buttons">${button('Create key')}${buttonLink(path, 'Cancel', 'quiet')}</div>`,
  ])}</section>`;

export const createdPage = (
  { key, name: keyName, scopes, expiresAt, replaces }: CreatedKey,
  describeScope: ScopeDescriptions,
): Html =>
  html`<h1>Your new API key</h1>
<section class="sheet">${notice('API key created. Copy it now: it will not be shown again.', 'good')}
<p><code class="secret">${key}</code></p>
<dl class="facts">
<dt>Name</dt><dd>${name(keyName)}</dd>
<dt>Permissions</dt><dd>${sentences(scopes, describeScope).join(' ')}</dd>
<dt>Expires</dt><dd>${expiresAt ? time(expiresAt) : 'Never'}</dd>
${replaces !== null && html`<dt>Replaces</dt><dd><code>pk_${replaces}</code></dd>`}
</dl>
<p>Store it where only your program can read it. Do not commit it to a repository.</p>
<p>${buttonLink(path, 'Back to API keys', 'quiet')}</p></section>`;
