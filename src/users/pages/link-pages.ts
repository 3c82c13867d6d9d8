// The pages that links open: /invitation/<secret>, /reset and /reset/<secret>. GET does not use a link up: mail programs open links too.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { errorPage } from '../../pages/error-page.ts';
import { html } from '../../pages/html.ts';
import { page, redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name } from '../../pages/parts.ts';
import type { UserServices } from '../services/create-user-services.ts';
import { staleLink } from '../services/invitations.ts';
import type { LinkOwner } from '../services/links.ts';
import { passwordHint } from '../services/password-rules.ts';
import { type FormErrors, faultsOf } from './form-faults.ts';

export interface LinkPagesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

const openRoute = { open: true, fail: errorPage } as const;

export function linkPages(deps: LinkPagesDeps): Route[] {
  return [...invitationPages(deps), ...resetPages(deps), ...requestPages(deps)];
}

function invitationPages({ userServices, pages }: LinkPagesDeps): Route[] {
  const path = '/invitation/*';
  const { invitations, signIn } = userServices;

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
<p>Set a password to activate your account <strong>${name(owner.email)}</strong>.</p>
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
  button('Activate account'),
])}`,
    );
  }

  return [
    {
      method: 'GET',
      path,
      ...openRoute,
      handle: async request => render(request, required(await invitations.peek(secretOf(request)))),
    },
    {
      method: 'POST',
      path,
      ...openRoute,
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

function resetPages({ userServices, pages, sessions }: LinkPagesDeps): Route[] {
  const path = '/reset/*';
  const { passwords } = userServices;

  function render(request: Incoming, owner: LinkOwner, errors: FormErrors = {}, status = 200): Answer {
    const { field: guarded, cookies } = pages.guard.guard(request);
    return secretPage(
      status,
      'Reset your password',
      cookies,
      html`<h1>Reset your password</h1>
<p>Choose a new password for <strong>${name(owner.email)}</strong>. You will be signed out on all devices.</p>
${errorSummary(errors)}
${form(request.path, guarded, [
  usernameFor(owner.email),
  newPassword(errors.password, 'New password'),
  button('Reset password'),
])}`,
    );
  }

  return [
    {
      method: 'GET',
      path,
      ...openRoute,
      handle: async request => render(request, required(await passwords.peek(secretOf(request)))),
    },
    {
      method: 'POST',
      path,
      ...openRoute,
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

/** The form that requests a reset link. */
function requestPages({ userServices, pages }: LinkPagesDeps): Route[] {
  const path = '/reset';

  const render = (request: Incoming, errors: FormErrors = {}, status = 200): Answer => {
    const { field: guarded, cookies } = pages.guard.guard(request);
    const noMail = html`<p>This server cannot send e-mails. Ask an administrator for a link to reset your password.</p>`;
    const emailForm = html`<p>Enter the e-mail address you sign in with, and we will send you a link to reset your password.</p>
${errorSummary(errors)}
${form(path, guarded, [field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', focus: true, lengthMax: 254 }), button('Send reset link')])}`;
    return page({
      title: 'Forgot your password?',
      status,
      cookies,
      body: html`<div class="sheet"><h1>Forgot your password?</h1>${userServices.hasMail ? emailForm : noMail}<p class="small"><a href="/sign-in">Back to sign-in</a></p></div>`,
    });
  };

  return [
    { method: 'GET', path, ...openRoute, handle: request => render(request) },
    {
      method: 'POST',
      path,
      ...openRoute,
      async handle(request) {
        const sent = await pages.guard.read(request);
        const wrong = await faultsOf(() => userServices.passwords.requestReset(sent.get('email'), request));
        if (wrong) return render(request, wrong.errors, wrong.fault.status);
        return userServices.hasMail ? checkYourEmail() : render(request);
      },
    },
  ];
}

/** The same page whether or not the account exists. */
export const checkYourEmail = (): Answer =>
  page({
    title: 'Check your e-mail',
    body: html`<div class="sheet"><h1>Check your e-mail</h1>
<p>If this address can be used here, you will get an e-mail with a link. The link works once and expires soon.</p>
<p class="hint">No e-mail after a few minutes? Check your spam folder and the address you entered.</p>
<p class="small"><a href="/sign-in">Back to sign-in</a></p></div>`,
  });

const secretPage = (
  status: number,
  title: string,
  cookies: readonly string[],
  body: ReturnType<typeof html>,
) => page({ status, title, cookies, secretAddress: true, body: html`<div class="sheet">${body}</div>` });

/** For password managers, which store the new password under this name. */
export const usernameFor = (email: string) =>
  html`<input type="text" name="username" value="${email}" autocomplete="username" readonly hidden>`;

export const newPassword = (error?: string, label = 'Password') =>
  field({
    name: 'password',
    label,
    type: 'password',
    autocomplete: 'new-password',
    error,
    hint: passwordHint,
  });

const secretOf = ({ path }: Incoming): string => path.split('/')[2] ?? '';

function required(owner: LinkOwner | undefined): LinkOwner {
  if (!owner) throw staleLink();
  return owner;
}
