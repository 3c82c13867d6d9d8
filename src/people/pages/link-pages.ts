// The pages behind links: /invitation/<secret>, /reset and /reset/<secret>. Opening one uses nothing up: mail programs do so too.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { errorPage } from '../../pages/error-page.ts';
import { html } from '../../pages/html.ts';
import { page, redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name } from '../../pages/parts.ts';
import type { People } from '../services/create-people.ts';
import { staleLink } from '../services/invitations.ts';
import type { LinkOwner } from '../services/links.ts';
import { passwordHint } from '../services/password-rules.ts';
import { type FormErrors, faultsOf } from './form-faults.ts';

export interface LinkPagesParts {
  readonly people: People;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

const shown = { open: true, fail: errorPage } as const;

export function linkPages(parts: LinkPagesParts): Route[] {
  return [...invitationPages(parts), ...resetPages(parts), ...askPages(parts)];
}

function invitationPages({ people, pages }: LinkPagesParts): Route[] {
  const path = '/invitation/*';
  const { invitations, signIn } = people;

  function render(
    request: Incoming,
    owner: LinkOwner,
    chosen = owner.name,
    errors: FormErrors = {},
    status = 200,
  ) {
    const { field: guarded, cookies } = pages.guard.guard(request);
    return secretPage(
      status,
      'Welcome',
      cookies,
      html`<h1>Welcome</h1>
<p>This is your account: <strong>${name(owner.email)}</strong>. Choose a password for it.</p>
${errorSummary(errors)}
${form(request.path, guarded, [
  usernameFor(owner.email),
  field({
    name: 'name',
    label: 'Your name',
    value: chosen,
    autocomplete: 'name',
    error: errors.name,
    required: false,
    lengthMax: 100,
  }),
  newPassword(errors.password),
  button('Open the account'),
])}`,
    );
  }

  return [
    {
      ...{ method: 'GET', path, ...shown },
      handle: async request => render(request, required(await invitations.peek(secretOf(request)))),
    },
    {
      ...{ method: 'POST', path, ...shown },
      async handle(request) {
        const sent = await pages.guard.read(request);
        const secret = secretOf(request);
        let userId = '';
        const wrong = await faultsOf(async () => {
          const chosen = { name: sent.get('name'), password: sent.get('password') };
          userId = await invitations.accept(secret, chosen, request);
        });
        if (!wrong)
          return redirect('/account?done=welcome', [await signIn.start(userId, request, 'invitation')]);
        const owner = required(await invitations.peek(secret));
        return render(request, owner, sent.get('name'), wrong.errors, wrong.fault.status);
      },
    },
  ];
}

function resetPages({ people, pages, sessions }: LinkPagesParts): Route[] {
  const path = '/reset/*';
  const { passwords } = people;

  function render(request: Incoming, owner: LinkOwner, errors: FormErrors = {}, status = 200): Answer {
    const { field: guarded, cookies } = pages.guard.guard(request);
    return secretPage(
      status,
      'A new password',
      cookies,
      html`<h1>A new password</h1>
<p>For <strong>${name(owner.email)}</strong>. All your sessions will end.</p>
${errorSummary(errors)}
${form(request.path, guarded, [
  usernameFor(owner.email),
  newPassword(errors.password),
  button('Choose it'),
])}`,
    );
  }

  return [
    {
      ...{ method: 'GET', path, ...shown },
      handle: async request => render(request, required(await passwords.peek(secretOf(request)))),
    },
    {
      ...{ method: 'POST', path, ...shown },
      async handle(request) {
        const sent = await pages.guard.read(request);
        const secret = secretOf(request);
        let hasKeys = false;
        const wrong = await faultsOf(async () => {
          hasKeys = await passwords.reset(secret, sent.get('password'), request);
        });
        const review = hasKeys ? '&return=/account/keys/review' : '';
        if (!wrong) return redirect(`/sign-in?done=reset${review}`, [sessions.dropCookie]);
        return render(request, required(await passwords.peek(secret)), wrong.errors, wrong.fault.status);
      },
    },
  ];
}

/** Where one asks for a link. */
function askPages({ people, pages }: LinkPagesParts): Route[] {
  const path = '/reset';

  const render = (request: Incoming, errors: FormErrors = {}, status = 200): Answer => {
    const { field: guarded, cookies } = pages.guard.guard(request);
    const byHand = html`<p>This server sends no letters. Ask your administrator for a link to choose a new password.</p>`;
    const byLetter = html`<p>Which address do you sign in with? We send a link to it.</p>
${errorSummary(errors)}
${form(path, guarded, [field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', focus: true, lengthMax: 254 }), button('Send the link')])}`;
    return page({
      ...{ title: 'Forgot your password?', status, cookies },
      body: html`<div class="sheet"><h1>Forgot your password?</h1>${people.hasMail ? byLetter : byHand}<p class="small"><a href="/sign-in">Back to the sign-in</a></p></div>`,
    });
  };

  return [
    { ...{ method: 'GET', path, ...shown }, handle: request => render(request) },
    {
      ...{ method: 'POST', path, ...shown },
      async handle(request) {
        const sent = await pages.guard.read(request);
        const wrong = await faultsOf(() => people.passwords.askReset(sent.get('email'), request));
        if (wrong) return render(request, wrong.errors, wrong.fault.status);
        return people.hasMail ? lookIntoMailbox() : render(request);
      },
    },
  ];
}

/** The same whether there is such an account or not. */
export const lookIntoMailbox = (): Answer =>
  page({
    title: 'Look into your mailbox',
    body: html`<div class="sheet"><h1>Look into your mailbox</h1>
<p>If the address can be used here, a letter with a link is on its way to it. The link is good once, and not for long.</p>
<p class="hint">Nothing there after some minutes? Look among the junk, and at what you typed.</p>
<p class="small"><a href="/sign-in">Back to the sign-in</a></p></div>`,
  });

const secretPage = (
  status: number,
  title: string,
  cookies: readonly string[],
  body: ReturnType<typeof html>,
) => page({ status, title, cookies, secretAddress: true, body: html`<div class="sheet">${body}</div>` });

/** For password managers, which keep the new password under it. */
export const usernameFor = (email: string) =>
  html`<input type="text" name="username" value="${email}" autocomplete="username" readonly hidden>`;

export const newPassword = (error?: string, label = 'Password') =>
  field({
    ...{ name: 'password', label, type: 'password', autocomplete: 'new-password', error },
    hint: passwordHint,
  });

const secretOf = ({ path }: Incoming): string => path.split('/')[2] ?? '';

function required(owner: LinkOwner | undefined): LinkOwner {
  if (!owner) throw staleLink();
  return owner;
}
