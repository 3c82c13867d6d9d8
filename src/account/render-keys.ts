// What the pages for API keys look like.

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

/** What is wrong with a form, by the name of the field; the empty name is for what concerns no single one. */
export type PageErrors = Readonly<Record<string, string | undefined>>;

/** What stands in the form for a new key. */
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
  { errors, said }: { errors: PageErrors; said?: string },
): Html => {
  const live = keys.filter(({ state }) => state === 'active' || state === 'expiring');
  const dead = keys.filter(key => !live.includes(key));
  return html`<h1>API keys</h1>
${said && notice(said, 'good')}
${errorSummary(errors)}
<section class="sheet"><p>With an API key, programs read and write data in your name: in the header <code>X-API-Key</code>, or as the password in Excel and Power BI.</p>
<p>${buttonLink(`${path}/new`, 'Create New API Key')}</p></section>
<section class="sheet"><h2>Your keys</h2>
${live.length === 0 ? html`<p class="faded">You have none.</p>` : html`<ul class="items">${live.map(key => liveItem(guarded, key, describeScope))}</ul>`}</section>
${dead.length > 0 && html`<section class="sheet"><details><summary>Keys that work no more (${String(dead.length)})</summary><ul class="items">${dead.map(deadItem)}</ul></details></section>`}`;
};

const liveItem = (guarded: Html, key: KeySummary, describeScope: ScopeDescriptions): Html =>
  html`<li><div><strong>${name(key.name)}</strong>${key.warning && html` <span class="badge alarm">${key.warning}</span>`}
<div class="hint"><code>${key.prefix}_…${key.lastFour}</code></div>
<div>${key.scopes.map(scope => html`<span class="badge">${scope}</span> `)}</div>
<div class="hint">Made ${time(key.createdAt)}${key.appId && ' by an app: it ends with the access of the app'}. ${key.expiresAt ? html`Expires ${time(key.expiresAt)}.` : 'Never expires.'} ${lastUse(key)}</div>
<details><summary>What it may do<span class="unseen">: ${name(key.name)}</span></summary><ul>${sentences(key.scopes, describeScope).map(sentence => html`<li>${sentence}</li>`)}</ul></details>
${key.replacedBy === null && rotation(guarded, key)}</div>
${form(`${path}/revoke`, guarded, [hidden(key), button(html`Revoke<span class="unseen"> ${name(key.name)}</span>`, 'danger small')], 'inline')}</li>`;

/** What another of the scopes covers is not said twice. */
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
      select('overlap', 'The old key still works for', overlaps, undefined, `overlap-${key.id}`),
      button('Make the new key', 'small'),
    ],
  )}</details>`;

/** In hours. */
const overlaps: readonly Choice[] = [
  { value: '24', label: 'a day', checked: true },
  { value: '1', label: 'an hour' },
  { value: '168', label: 'a week' },
  { value: '720', label: '30 days' },
  { value: '0', label: 'not at all: it ends at once' },
];

const hidden = ({ id }: KeySummary): Html => html`<input type="hidden" name="key" value="${id}">`;

const deadItem = (key: KeySummary): Html =>
  html`<li><div>${name(key.name)} <span class="badge">${key.state}</span><div class="hint"><code>${key.prefix}_…${key.lastFour}</code> ${lastUse(key)}</div></div></li>`;

export interface KeyFormParts {
  /** Those that may be chosen. */
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
      ...{ name: 'name', label: 'Name', value: fields.name, error: errors.name, lengthMax: 100 },
      ...{ hint: 'What it is for, such as Price report.', focus: true },
    }),
    field({
      ...{ name: 'expiresAt', label: 'Expires on', type: 'date', value: fields.expiresAt, required: false },
      ...{ hint: 'At the beginning of that day, UTC. Empty: never.', error: errors.expiresAt },
    }),
    scopes.length === 0
      ? html`<p class="faded">You may do nothing yet, so a key could do nothing either.</p>`
      : scopeChoices({ legend: 'What it may do', scopes, chosen: fields.scopes, describeScope }),
    html`<div class="buttons">${button('Create the key')}${buttonLink(path, 'Cancel', 'quiet')}</div>`,
  ])}</section>`;

export const createdPage = (
  { key, name: called, scopes, expiresAt, replaces }: CreatedKey,
  describeScope: ScopeDescriptions,
): Html =>
  html`<h1>Your new API key</h1>
<section class="sheet">${notice('The key is made. Copy it now: it is not shown again.', 'good')}
<p><code class="secret">${key}</code></p>
<dl class="facts">
<dt>Name</dt><dd>${name(called)}</dd>
<dt>It may</dt><dd>${sentences(scopes, describeScope).join(' ')}</dd>
<dt>Expires</dt><dd>${expiresAt ? time(expiresAt) : 'never'}</dd>
${replaces !== null && html`<dt>Replaces</dt><dd><code>pk_${replaces}</code></dd>`}
</dl>
<p>Keep it where only your program can read it, and in no repository.</p>
<p>${buttonLink(path, 'Back to your keys', 'quiet')}</p></section>`;
