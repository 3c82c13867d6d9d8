// /account/developer: registering as a developer, one's apps, and a new one.

import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { type Html, html } from '../../pages/html.ts';
import { redirect } from '../../pages/page.ts';
import { button, buttonLink, errorSummary, field, form, name, notice, select } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import type { AppView } from '../services/app-view.ts';
import type { DeveloperView } from '../services/developers.ts';
import { checkEmail, checkName } from '../services/fields.ts';
import {
  type AppFields,
  appFormFields,
  appFormLists,
  emptyAppFields,
  readAppFields,
  toDraft,
} from './app-form.ts';
import { appMark } from './app-mark.ts';
import { type FormErrors, toFormErrors } from './form-errors.ts';
import { type AppPages, path } from './page-parts.ts';

/** What was just done, by `?done=`. */
const done: Readonly<Record<string, string>> = {
  saved: 'Developer profile saved.',
  deleted: 'App deleted.',
};

type DeveloperFields = Pick<DeveloperView, 'name' | 'contactEmail'> & { readonly website: string };

export function developerPage(deps: AppPages): Route[] {
  const { account } = deps.pages;
  return [
    account.get(path, visit => show(deps, visit)),
    account.post(path, (visit, sent) =>
      save(deps, visit, {
        name: sent.get('name'),
        website: sent.get('website'),
        contactEmail: sent.get('contactEmail'),
      }),
    ),
    account.get(`${path}/new`, visit => showNew(deps, visit)),
    account.post(`${path}/new`, (visit, sent) => create(deps, visit, sent), { lists: appFormLists }),
  ];
}

async function show(deps: AppPages, visit: Visit): Promise<Answer> {
  const { managerOf, apps } = deps;
  const manager = managerOf(visit);
  const known = await apps.developers.find(manager);
  if (!known) return showRegistration(deps, visit);
  const list = await apps.registry.list(manager, { ownerId: visit.session.user.id });
  const said = done[new URLSearchParams(visit.request.query).get('done') ?? ''];
  return visit.page({
    title: 'Developer',
    here: path,
    body: html`<h1>Your apps</h1>
${said && notice(said, 'good')}
<section class="sheet">${list.length === 0 && html`<p>You have no apps yet.</p>`}
<ul class="items">${list.map(listed)}</ul>
${buttonLink(`${path}/new`, 'New app')}</section>
${developerForm(visit.guarded, { ...known, website: known.website ?? '' }, {}, { heading: 'Developer profile', action: 'Save' })}`,
  });
}

function showRegistration(
  deps: AppPages,
  visit: Visit,
  sent?: DeveloperFields,
  errors: FormErrors = {},
): Answer {
  const { apps, managerOf } = deps;
  const { user } = visit.session;
  const known = { name: offer(checkName, user.name), contactEmail: offer(checkEmail, user.email) };
  const fields = sent ?? { ...known, website: '' };
  const open = apps.developers.mayRegister(managerOf(visit));
  return visit.page({
    title: 'Developer',
    here: path,
    status: sent ? 400 : 200,
    body: html`<h1>Developer</h1>
${errorSummary(errors)}
<p class="faded">Developers make apps that ask users of this server for access to their data, with OAuth 2.0.</p>
${open ? developerForm(visit.guarded, fields, errors, { heading: 'Register as a developer', action: 'Register' }) : notice('Only administrators can register developers. Ask an administrator.')}`,
  });
}

async function save(deps: AppPages, visit: Visit, fields: DeveloperFields): Promise<Answer> {
  const { apps, managerOf } = deps;
  try {
    await apps.developers.save(managerOf(visit), fields);
  } catch (error) {
    return showRegistration(deps, visit, fields, toFormErrors(error));
  }
  return redirect(`${path}?done=saved`);
}

async function create(deps: AppPages, visit: Visit, sent: Form): Promise<Answer> {
  const { apps, managerOf, showApp } = deps;
  const fields = readAppFields(sent);
  const kind = sent.get('kind');
  try {
    const draft = { ...toDraft(fields), confidential: kind !== 'public' };
    const { clientSecret, ...app } = await apps.create(managerOf(visit), draft);
    return showApp(visit, app, { secret: clientSecret, said: 'App created.' });
  } catch (error) {
    return showNew(deps, visit, { fields, kind, errors: toFormErrors(error) });
  }
}

interface NewApp {
  readonly fields?: AppFields;
  readonly kind?: string;
  readonly errors?: FormErrors;
}

function showNew(
  { words }: Pick<AppPages, 'words'>,
  visit: Visit,
  { fields = emptyAppFields, kind = '', errors = {} }: NewApp = {},
): Answer {
  const failed = Object.keys(errors).length > 0;
  return visit.page({
    title: 'New app',
    here: path,
    status: failed ? 400 : 200,
    body: html`<h1>New app</h1>
${errorSummary(errors)}
<section class="sheet">${form(`${path}/new`, visit.guarded, [
      appFormFields(fields, words(visit), errors, true),
      select('kind', 'Where it runs', kinds(kind), { hint: 'This cannot be changed later.' }),
      button('Create app'),
    ])}</section>`,
  });
}

/** A form offers nothing that it would refuse. */
function offer(check: (text: string) => string, text: string): string {
  try {
    return check(text);
  } catch {
    return '';
  }
}

const kinds = (chosen: string) => [
  { value: 'confidential', label: 'On a server: it can keep a secret' },
  {
    value: 'public',
    checked: chosen === 'public',
    label: 'In a browser or on the devices of its users: it has no secret, and uses PKCE',
  },
];

const listed = (app: AppView): Html =>
  html`<li><div class="asker">${appMark(app.name, app.logoPath)}<div><a href="${path}/apps/${app.id}">${name(app.name)}</a>${app.disabledAt && html` <span class="badge alarm">disabled</span>`}${app.kind === 'plugin' && html` <span class="badge">plugin</span>`}
<div class="hint"><code>${app.id}</code></div></div></div></li>`;

const developerForm = (
  guarded: Html,
  fields: DeveloperFields,
  errors: FormErrors,
  { heading, action }: { readonly heading: string; readonly action: string },
): Html =>
  html`<section class="sheet"><h2>${heading}</h2>
${form(path, guarded, [
  field({
    name: 'name',
    label: 'Name',
    value: fields.name,
    error: errors.name,
    lengthMax: 80,
    hint: 'As users see it when an app of yours asks for access.',
  }),
  field({
    name: 'website',
    label: 'Website',
    type: 'url',
    value: fields.website,
    required: false,
    hint: 'A URL that begins with https://.',
    error: errors.website,
    lengthMax: 500,
  }),
  field({
    name: 'contactEmail',
    label: 'Contact',
    type: 'email',
    value: fields.contactEmail,
    hint: 'For the administrators of this server. Users do not see it.',
    error: errors.contactEmail,
  }),
  button(action),
])}</section>`;
