// The page of one app, as its developer sees it.

import { randomBytes } from 'node:crypto';
import type { Answer } from '../../http/message/message.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { button, checkboxes, errorSummary, form, name, notice, select, time } from '../../pages/parts.ts';
import type { AppView, SecretView } from '../services/app-view.ts';
import { type AppFields, type AppFormWords, appFormFields } from './app-form.ts';
import { appMark } from './app-mark.ts';
import type { FormErrors } from './form-errors.ts';
import { path, type Shown } from './page-parts.ts';

export function renderApp(visit: Visit, app: AppView, words: AppFormWords, shown: Shown): Answer {
  const { errors = {}, said, secret } = shown;
  const { guarded } = visit;
  const failed = Object.keys(errors).length > 0;
  const own = `${path}/apps/${app.id}`;
  return visit.page({
    title: app.name,
    here: path,
    status: failed ? 400 : 200,
    body: html`<p><a href="${path}">All apps</a></p>
<div class="asker">${appMark(app.name, app.logoPath)}<div><h1>${name(app.name)}</h1>${state(app)}</div></div>
${said && !failed && notice(said, 'good')}
${errorSummary(errors)}
${secret && newSecret(secret)}
${credentials(app)}
${app.kind === 'developer' && app.confidential && secretSection(app.secrets, own, guarded)}
${app.kind === 'developer' && settings(app, { own, guarded, words, fields: shown.fields ?? toFields(app), errors })}
${logoSection(app, own, guarded)}
${endSection(app, own, guarded)}`,
  });
}

function state(app: AppView): Part {
  if (!app.disabledAt) return undefined;
  const by = app.locked ? ' by an administrator' : '';
  return html`<span class="badge alarm">disabled${by}</span>`;
}

const newSecret = (secret: string): Html =>
  notice(
    html`<p><strong>The client secret.</strong> Copy it now: it will not be shown again.</p><code class="secret">${secret}</code>`,
  );

const credentials = (app: AppView): Html => html`<section class="sheet"><h2>Client</h2>
<dl class="facts">
<dt>Client ID</dt><dd><code class="secret">${app.id}</code></dd>
<dt>Kind</dt><dd>${app.confidential ? 'Confidential: it has a secret' : 'Public: no secret, PKCE (S256) required'}</dd>
<dt>Created</dt><dd>${time(app.createdAt)}</dd>
</dl>
${app.redirectUris.length > 0 && !app.disabledAt && html`<p><a href="${testAddress(app)}">Try it</a>: sign in and see the consent page.</p>`}</section>`;

/** The way that an app's users go. A public app needs a challenge; nobody keeps the verifier of this one. */
function testAddress({ id, redirectUris, scopes, confidential }: AppView): string {
  const query = new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUris[0]!,
    response_type: 'code',
    scope: scopes.join(' '),
    state: randomBytes(8).toString('base64url'),
  });
  if (!confidential) {
    query.set('code_challenge', randomBytes(32).toString('base64url'));
    query.set('code_challenge_method', 'S256');
  }
  return `/auth/oauth/authorize?${query}`;
}

const secretSection = (secrets: readonly SecretView[], own: string, guarded: Html): Html =>
  html`<section class="sheet"><h2>Secrets</h2>
${secrets.length === 0 ? html`<p>No active secret: the app cannot get tokens.</p>` : html`<ul class="items">${secrets.map(secret => listed(secret, own, guarded))}</ul>`}
${form(`${own}/secret`, guarded, [
  select(
    'overlap',
    'Existing secrets',
    [
      { value: '', label: 'Keep as they are' },
      { value: '1', label: 'Expire in 1 hour' },
      { value: '24', label: 'Expire in 1 day' },
      { value: '168', label: 'Expire in 7 days' },
      { value: '720', label: 'Expire in 30 days' },
    ],
    {
      hint: 'Several secrets can be active at a time, so that you can switch to a new one before the old one expires.',
    },
  ),
  button('Create secret', 'quiet'),
])}</section>`;

const listed = (secret: SecretView, own: string, guarded: Html): Html =>
  html`<li><div><code>…${secret.lastFour}</code>
<div class="hint">created ${time(secret.createdAt)} · ${secret.lastUsedAt ? html`last used ${time(secret.lastUsedAt)}` : 'not used yet'}${secret.expiresAt && html` · expires ${time(secret.expiresAt)}`}</div></div>
${form(
  `${own}/remove-secret`,
  guarded,
  [
    html`<input type="hidden" name="secret" value="${secret.id}">`,
    button(html`Revoke<span class="unseen"> the secret …${secret.lastFour}</span>`, 'danger small'),
  ],
  'inline',
)}</li>`;

const settings = (
  app: AppView,
  {
    own,
    guarded,
    words,
    fields,
    errors,
  }: {
    readonly own: string;
    readonly guarded: Html;
    readonly words: AppFormWords;
    readonly fields: AppFields;
    readonly errors: FormErrors;
  },
): Html => html`<section class="sheet"><h2>Settings</h2>
${form(`${own}/save`, guarded, [
  appFormFields(fields, words, errors, app.confidential),
  html`<p class="hint">Users must consent to scopes that you add. Scopes that you remove stop working for existing tokens at once.</p>`,
  button('Save'),
])}</section>`;

const toFields = (app: AppView): AppFields => ({
  name: app.name,
  description: app.description ?? '',
  homePage: app.homePage ?? '',
  redirectUris: app.redirectUris.join('\n'),
  scopes: app.scopes,
  clientCredentials: app.clientCredentials,
});

const logoSection = (app: AppView, own: string, guarded: Html): Html =>
  html`<section class="sheet"><h2>Logo</h2>
<form method="post" enctype="multipart/form-data" action="${path}/logos/${app.id}">${guarded}
<div class="field"><label for="logo">Image</label><div class="hint" id="logo-hint">PNG, JPEG or WebP, at most 256 KB.</div>
<input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" required aria-describedby="logo-hint"></div>
${button('Upload', 'quiet')}</form>
${app.logoPath && form(`${own}/remove-logo`, guarded, button('Remove the logo', 'danger small'), 'inline')}</section>`;

const endSection = (app: AppView, own: string, guarded: Html): Html =>
  html`<section class="sheet"><h2>${app.disabledAt ? 'Enable or delete' : 'Disable or delete'}</h2>
<p class="faded">A disabled app cannot get tokens, and its existing tokens are rejected until you enable it again.</p>
${
  app.disabledAt
    ? form(`${own}/enable`, guarded, button('Enable', 'quiet'), 'inline')
    : form(`${own}/disable`, guarded, button('Disable', 'quiet'), 'inline')
}
${form(`${own}/delete`, guarded, [
  checkboxes('sure', html`<span class="unseen">Confirmation</span>`, [
    { value: 'yes', label: 'Permanently delete this app and everything that users allowed it' },
  ]),
  button('Delete', 'danger'),
])}</section>`;
