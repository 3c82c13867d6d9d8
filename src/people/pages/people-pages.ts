// /account/people: whom administrators invite, change and lock out.

import { type Role, roles } from '../../auth/scopes/roles.ts';
import type { Sessions } from '../../auth/sessions/sessions.ts';
import { fault } from '../../base/errors.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { html, type Part } from '../../pages/html.ts';
import { redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name, notice } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import type { People } from '../services/create-people.ts';
import type { Delivery } from '../services/delivery.ts';
import { type By, requireAdmin, unknownPerson } from '../services/parts.ts';
import { type FormErrors, faultsOf } from './form-faults.ts';
import {
  about,
  actions,
  changeForm,
  delivered,
  peoplePath as path,
  roleChoice,
  toItem,
} from './person-view.ts';

export interface PeoplePagesParts {
  readonly people: People;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

/** What was just done, by `?done=`. */
const done: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  enabled: 'The account is enabled.',
  disabled: 'The account is disabled. Its sessions have ended.',
  ended: 'All sessions of this person have ended.',
  deleted: 'The account is deleted.',
  withdrawn: 'The invitation is withdrawn.',
};

export function peoplePages({ people, pages, sessions }: PeoplePagesParts): Route[] {
  const { users, invitations, passwords, scopes } = people;

  async function list(
    visit: Visit,
    said?: Part,
    errors: FormErrors = {},
    sent?: Form,
    status = 200,
  ): Promise<Answer> {
    requireAdmin(by(visit));
    const query = new URLSearchParams(visit.request.query);
    const [search, after] = [query.get('search') ?? undefined, query.get('after') ?? undefined];
    const page = await users.list({ search, after }, by(visit));
    return visit.page({
      ...{ title: 'People', here: path, status },
      body: html`<h1>People</h1>
${said ?? doneNotice(query)}
${errorSummary(errors)}
<section class="sheet">
<form method="get" action="${path}" role="search">${field({ name: 'search', label: 'Name or e-mail', value: search, required: false })}${button('Search', 'quiet')}</form>
<ul class="items">${page.users.map(toItem)}</ul>
${page.users.length === 0 && html`<p class="faded">Nobody.</p>`}
${page.next && html`<p><a href="${path}?${new URLSearchParams({ ...(search && { search }), after: page.next }).toString()}">More</a></p>`}
</section>
<section class="sheet"><h2>Invite somebody</h2>
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
  button('Invite'),
])}</section>`,
    });
  }

  async function invite(visit: Visit, sent: Form): Promise<Answer> {
    let delivery: Delivery | undefined;
    const email = sent.get('email');
    const wrong = await faultsOf(async () => {
      const wanted = { email, name: sent.get('name'), role: roleOf(sent) };
      delivery = await invitations.create(wanted, by(visit));
    });
    if (wrong) return list(visit, undefined, wrong.errors, sent, wrong.fault.status);
    return list(visit, delivered(email, delivery!));
  }

  async function one(visit: Visit, said?: Part, errors: FormErrors = {}, status = 200): Promise<Answer> {
    requireAdmin(by(visit));
    const person = await users.get(idIn(visit), by(visit));
    const signedIn = await sessions.list(person.id);
    return visit.page({
      ...{ title: person.name || person.email, here: path, status },
      body: html`<h1>${name(person.name || person.email)}</h1>
${said ?? doneNotice(new URLSearchParams(visit.request.query))}
${errorSummary(errors)}
${about(person, signedIn.length)}
${changeForm(visit, person, scopes, errors)}
${actions(visit, person, signedIn.length)}`,
    });
  }

  async function act(visit: Visit, sent: Form): Promise<Answer> {
    requireAdmin(by(visit));
    let answer: Answer | undefined;
    const wrong = await faultsOf(async () => {
      answer = await perform(visit, sent);
    });
    return wrong ? one(visit, undefined, wrong.errors, wrong.fault.status) : answer!;
  }

  async function perform(visit: Visit, sent: Form): Promise<Answer> {
    const [id, who, here] = [idIn(visit), by(visit), visit.request.path];
    switch (sent.get('do')) {
      case 'save': {
        const change = { name: sent.get('name'), role: roleOf(sent), scopes: sent.all('scope') };
        await users.change(id, change, who);
        return redirect(`${here}?done=saved`);
      }
      case 'disable':
        await users.change(id, { disabled: true }, who);
        return redirect(`${here}?done=disabled`);
      case 'enable':
        await users.change(id, { disabled: false }, who);
        return redirect(`${here}?done=enabled`);
      case 'end-sessions':
        await users.endSessions(id, undefined, who);
        return redirect(`${here}?done=ended`);
      case 'reset':
        return one(visit, delivered((await users.get(id, who)).email, await passwords.sendReset(id, who)));
      case 'resend': {
        const invitation = await invitations.resend(id, who);
        return one(visit, delivered(invitation.user.email, invitation));
      }
      case 'withdraw':
        await invitations.withdraw(id, who);
        return redirect(`${path}?done=withdrawn`);
      case 'delete': {
        // Typed by hand, as nothing brings an account back.
        const { email } = await users.get(id, who);
        if (sent.get('confirm').trim().toLowerCase() !== email)
          throw fault('INVALID_VALUE', `To delete the account, type ${email}.`, { target: 'confirm' });
        await users.remove(id, who);
        return redirect(`${path}?done=deleted`);
      }
      default:
        throw fault('INVALID_VALUE', 'There is nothing of that kind to do.');
    }
  }

  return [
    pages.account.get(path, visit => list(visit)),
    pages.account.post(path, invite),
    pages.account.get(`${path}/*`, visit => one(visit)),
    pages.account.post(`${path}/*`, act, { lists: ['scope'] }),
  ];
}

const by = ({ session, request }: Visit): By => ({ principal: session.principal, request });

function idIn({ request }: Visit): string {
  const [id = '', ...rest] = request.path.slice(path.length + 1).split('/');
  if (rest.length > 0) throw unknownPerson();
  return id;
}

function roleOf(sent: Form): Role | null {
  const role = sent.get('role');
  if (role === '' || (roles as readonly string[]).includes(role)) return (role as Role) || null;
  throw fault('INVALID_VALUE', 'There is no such role.', { target: 'role' });
}

const doneNotice = (query: URLSearchParams): Part => {
  const said = done[query.get('done') ?? ''];
  return said && notice(said, 'good');
};
