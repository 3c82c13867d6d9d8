// /account/people: where administrators invite, change, disable and delete users.

import { type Role, roles } from '../../auth/scopes/roles.ts';
import type { Sessions } from '../../auth/sessions/sessions.ts';
import { fault } from '../../base/errors.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name, notice } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import type { UserServices } from '../services/create-user-services.ts';
import type { Delivery } from '../services/delivery.ts';
import { type By, requireAdmin, unknownUser } from '../services/deps.ts';
import { type FormErrors, type FormProblem, faultsOf } from './form-faults.ts';
import { about, actions, changeForm, delivered, usersPath as path, roleChoice, toItem } from './user-view.ts';

export interface UserPagesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

/** What was just done, by `?done=`. */
const done: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  enabled: 'Account enabled.',
  disabled: 'Account disabled. The user was signed out everywhere.',
  ended: 'The user was signed out everywhere.',
  deleted: 'Account deleted.',
  withdrawn: 'Invitation withdrawn.',
};

export function userPages(deps: UserPagesDeps): Route[] {
  const { pages } = deps;
  return [
    pages.account.get(path, visit => list(deps, visit)),
    pages.account.post(path, (visit, sent) => invite(deps, visit, sent)),
    pages.account.get(`${path}/*`, visit => one(deps, visit)),
    pages.account.post(`${path}/*`, (visit, sent) => act(deps, visit, sent), { lists: ['scope'] }),
  ];
}

/** What a page shows beside its content. */
interface Shown {
  readonly message?: Part;
  readonly wrong?: FormProblem;
  /** The form to fill in again. */
  readonly sent?: Form;
}

async function list(
  { userServices }: UserPagesDeps,
  visit: Visit,
  { message, wrong, sent }: Shown = {},
): Promise<Answer> {
  requireAdmin(by(visit));
  const query = new URLSearchParams(visit.request.query);
  const [search, after] = [query.get('search') ?? undefined, query.get('after') ?? undefined];
  const page = await userServices.users.list({ search, after }, by(visit));
  return visit.page({
    title: 'Users',
    here: path,
    status: wrong?.fault.status ?? 200,
    body: html`<h1>Users</h1>
${message ?? doneNotice(query)}
${errorSummary(wrong?.errors ?? {})}
<section class="sheet">
<form method="get" action="${path}" role="search">${field({ name: 'search', label: 'Name or e-mail', value: search, required: false })}${button('Search', 'quiet')}</form>
<ul class="items">${page.users.map(toItem)}</ul>
${page.users.length === 0 && html`<p class="faded">No users found.</p>`}
${page.next && html`<p><a href="${path}?${new URLSearchParams({ ...(search && { search }), after: page.next }).toString()}">Next page</a></p>`}
</section>
${inviteForm(visit, wrong?.errors, sent)}`,
  });
}

const inviteForm = (visit: Visit, errors: FormErrors = {}, sent?: Form): Html =>
  html`<section class="sheet"><h2>Invite a user</h2>
${form(path, visit.guarded, [
  field({
    name: 'email',
    label: 'E-mail',
    type: 'email',
    value: sent?.get('email'),
    error: errors.email,
    lengthMax: 254,
  }),
  field({
    name: 'name',
    label: 'Name',
    value: sent?.get('name'),
    error: errors.name,
    required: false,
    lengthMax: 100,
  }),
  roleChoice((sent?.get('role') as Role) || 'viewer'),
  button('Send invitation'),
])}</section>`;

async function invite(deps: UserPagesDeps, visit: Visit, sent: Form): Promise<Answer> {
  let delivery: Delivery | undefined;
  const email = sent.get('email');
  const wrong = await faultsOf(async () => {
    const input = { email, name: sent.get('name'), role: roleOf(sent) };
    delivery = await deps.userServices.invitations.create(input, by(visit));
  });
  return list(deps, visit, wrong ? { wrong, sent } : { message: delivered(email, delivery!) });
}

async function one(
  { userServices, sessions }: UserPagesDeps,
  visit: Visit,
  { message, wrong }: Shown = {},
): Promise<Answer> {
  const errors = wrong?.errors ?? {};
  requireAdmin(by(visit));
  const user = await userServices.users.get(idIn(visit), by(visit));
  const signedIn = await sessions.list(user.id);
  return visit.page({
    title: user.name || user.email,
    here: path,
    status: wrong?.fault.status ?? 200,
    body: html`<h1>${name(user.name || user.email)}</h1>
${message ?? doneNotice(new URLSearchParams(visit.request.query))}
${errorSummary(errors)}
${about(user, signedIn.length)}
${changeForm(visit, user, userServices.scopes, errors)}
${actions(visit, user, signedIn.length)}`,
  });
}

async function act(deps: UserPagesDeps, visit: Visit, sent: Form): Promise<Answer> {
  requireAdmin(by(visit));
  let answer: Answer | undefined;
  const wrong = await faultsOf(async () => {
    answer = await perform(deps, visit, sent);
  });
  return wrong ? one(deps, visit, { wrong }) : answer!;
}

async function perform(deps: UserPagesDeps, visit: Visit, sent: Form): Promise<Answer> {
  const { users, invitations, passwords } = deps.userServices;
  const id = idIn(visit);
  const actor = by(visit);
  const here = visit.request.path;
  switch (sent.get('do')) {
    case 'save': {
      const change = { name: sent.get('name'), role: roleOf(sent), scopes: sent.all('scope') };
      await users.change(id, change, actor);
      return redirect(`${here}?done=saved`);
    }
    case 'disable':
      await users.change(id, { disabled: true }, actor);
      return redirect(`${here}?done=disabled`);
    case 'enable':
      await users.change(id, { disabled: false }, actor);
      return redirect(`${here}?done=enabled`);
    case 'end-sessions':
      await users.endSessions(id, undefined, actor);
      return redirect(`${here}?done=ended`);
    case 'reset':
      return one(deps, visit, {
        message: delivered((await users.get(id, actor)).email, await passwords.sendReset(id, actor)),
      });
    case 'resend': {
      const invitation = await invitations.resend(id, actor);
      return one(deps, visit, { message: delivered(invitation.user.email, invitation) });
    }
    case 'withdraw':
      await invitations.withdraw(id, actor);
      return redirect(`${path}?done=withdrawn`);
    case 'delete': {
      // The administrator types the address, because a deletion cannot be undone.
      const { email } = await users.get(id, actor);
      if (sent.get('confirm').trim().toLowerCase() !== email)
        throw fault('INVALID_VALUE', `To delete the account, type ${email}.`, { target: 'confirm' });
      await users.remove(id, actor);
      return redirect(`${path}?done=deleted`);
    }
    default:
      throw fault('INVALID_VALUE', 'Unknown action.');
  }
}

const by = ({ session, request }: Visit): By => ({ principal: session.principal, request });

function idIn({ request }: Visit): string {
  const [id = '', ...rest] = request.path.slice(path.length + 1).split('/');
  if (rest.length > 0) throw unknownUser();
  return id;
}

function roleOf(sent: Form): Role | null {
  const role = sent.get('role');
  if (role === '' || (roles as readonly string[]).includes(role)) return (role as Role) || null;
  throw fault('INVALID_VALUE', 'This role does not exist.', { target: 'role' });
}

const doneNotice = (query: URLSearchParams): Part => {
  const message = done[query.get('done') ?? ''];
  return message && notice(message, 'good');
};
