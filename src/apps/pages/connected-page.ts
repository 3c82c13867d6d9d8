// /account/connected-apps: who has access to one's data, what for, since when, and the end of it.

import type { ScopeDescriptions } from '../../auth/scopes/describe-scope.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { redirect } from '../../pages/page.ts';
import { button, foreignLink, form, name, notice, time } from '../../pages/parts.ts';
import type { GrantView } from '../services/grants.ts';
import { asManager } from '../services/manager.ts';
import { appMark } from './app-mark.ts';
import type { AppPagesParts } from './page-parts.ts';

const path = '/account/connected-apps';

export function connectedPage({ apps, pages, describeScope }: AppPagesParts): Route[] {
  const managerOf = ({ session, request }: Visit) => asManager(session.principal, request);

  async function show(visit: Visit): Promise<Answer> {
    const userId = visit.session.user.id;
    const grants = await apps.grants.list(managerOf(visit), { userId });
    const isDone = new URLSearchParams(visit.request.query).get('done') === 'ended';
    return visit.page({
      title: 'Connected apps',
      here: path,
      body: html`<h1>Connected apps</h1>
${isDone && notice('App disconnected.', 'good')}
<p class="faded">Apps that can access your account. A disconnected app must ask for access again.</p>
${grants.length === 0 && html`<section class="sheet"><p>No connected apps.</p></section>`}
${grants.map(grant => connected(grant, visit.guarded, describeScope))}`,
    });
  }

  async function disconnect(visit: Visit, appId: string): Promise<Answer> {
    await apps.grants.disconnect(managerOf(visit), appId, visit.session.user.id);
    return redirect(`${path}?done=ended`);
  }

  return [
    pages.account.get(path, show),
    pages.account.post(`${path}/end`, (visit, sent) => disconnect(visit, sent.get('app'))),
    pages.account.get(`${path}/end`, () => redirect(path)),
  ];
}

const connected = (
  { app, scopes, ...grant }: GrantView,
  guarded: Html,
  describeScope: ScopeDescriptions,
): Html =>
  html`<section class="sheet"><div class="asker">${appMark(app.name, app.logoPath)}
<div><h2>${name(app.name)}</h2>
<p class="faded">${app.developer ? html`by ${name(app.developer)}` : 'Unknown developer'}${app.homePage && html`, ${foreignLink(app.homePage)}`}</p></div></div>
${app.disabledAt && notice('This app is disabled: it has no access until it is enabled again.')}
<div class="tight"><h3>Permissions</h3>
<ul class="plain">${scopes.map(scope => html`<li>${describeScope(scope)}</li>`)}</ul></div>
<dl class="facts">
<dt>Allowed</dt><dd>${time(grant.createdAt)}${changedLater(grant) && html`, changed ${time(grant.updatedAt)}`}</dd>
<dt>Last used</dt><dd>${lastUse(grant)}</dd>
</dl>
${form(
  `${path}/end`,
  guarded,
  [
    html`<input type="hidden" name="app" value="${app.id}">`,
    button(html`Disconnect<span class="unseen"> ${app.name}</span>`, 'danger small'),
  ],
  'inline',
)}</section>`;

type Times = Pick<GrantView, 'createdAt' | 'updatedAt' | 'lastUsedAt' | 'lastUsedIp'>;

/** The row is written once more within its first second. */
const changedLater = ({ createdAt, updatedAt }: Times): boolean =>
  updatedAt.getTime() - createdAt.getTime() > 1_000;

const lastUse = ({ lastUsedAt, lastUsedIp }: Times): Part =>
  lastUsedAt ? html`${time(lastUsedAt)}${lastUsedIp && html` from ${lastUsedIp}`}` : 'Never';
