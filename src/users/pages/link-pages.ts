// The pages that links open: /invitation/<secret>, /reset and /reset/<secret>. GET does not use a link up: mail programs open links too.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { errorPage } from '../../pages/error-page.ts';
import type { FormGuard } from '../../pages/form-guard.ts';
import { html, type Part } from '../../pages/html.ts';
import { page, redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form, name } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import type { UserServices } from '../services/create-user-services.ts';
import { staleLink } from '../services/invitations.ts';
import type { LinkOwner } from '../services/links.ts';
import { passwordHint } from '../services/password-rules.ts';
import { type FormErrors, type FormProblem, faultsOf } from './form-faults.ts';

export interface LinkPagesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

const openRoute = { open: true, fail: errorPage } as const;

export function linkPages(parts: LinkPagesDeps): Route[] {
  const { guard } = parts.pages;
  const forms = [invitationForm(parts), resetForm(parts)];
  return [...forms.flatMap(form => secretPages(guard, form)), ...requestPages(parts)];
}

/** A page that a link with a secret opens, and what its form does. */
interface SecretForm {
  readonly path: string;
  readonly title: string;
  peek(secret: string): Promise<LinkOwner | undefined>;
  /** @param sent undefined when the page is opened */
  body(owner: LinkOwner, errors: FormErrors, sent?: Form): Parts;
  /** @returns the response after success @throws faults that the form shows */
  submit(secret: string, sent: Form, request: Incoming): Promise<Answer>;
}

interface Parts {
  readonly intro: Part;
  readonly fields: readonly Part[];
}

const invitationForm = ({ userServices: { invitations, signIn } }: LinkPagesDeps): SecretForm => ({
  path: '/invitation/*',
  title: 'Welcome',
  peek: secret => invitations.peek(secret),
  body: (owner, errors, sent) => ({
    intro: html`<p>Set a password to activate your account <strong>${name(owner.email)}</strong>.</p>`,
    fields: [
      field({
        name: 'name',
        label: 'Your name',
        value: sent ? sent.get('name') : owner.name,
        autocomplete: 'name',
        error: errors.name,
        required: false,
        lengthMax: 100,
      }),
      newPassword(errors.password),
      button('Activate account'),
    ],
  }),
  async submit(secret, sent, request) {
    const chosen = { name: sent.get('name'), password: sent.get('password') };
    const userId = await invitations.accept(secret, chosen, request);
    return redirect('/account?done=welcome', [await signIn.start(userId, request, 'invitation')]);
  },
});

const resetForm = ({ userServices: { passwords }, sessions }: LinkPagesDeps): SecretForm => ({
  path: '/reset/*',
  title: 'Reset your password',
  peek: secret => passwords.peek(secret),
  body: (owner, errors) => ({
    intro: html`<p>Choose a new password for <strong>${name(owner.email)}</strong>. You will be signed out on all devices.</p>`,
    fields: [newPassword(errors.password, 'New password'), button('Reset password')],
  }),
  async submit(secret, sent, request) {
    const hasKeys = await passwords.reset(secret, sent.get('password'), request);
    const review = hasKeys ? '&return=/account/keys/review' : '';
    return redirect(`/sign-in?done=reset${review}`, [sessions.dropCookie]);
  },
});

/** Two routes: the page, and its form. */
function secretPages(guard: FormGuard, secretForm: SecretForm): Route[] {
  const { path, title, peek, body, submit } = secretForm;

  async function render(request: Incoming, sent?: Form, wrong?: FormProblem): Promise<Answer> {
    const owner = required(await peek(secretOf(request)));
    const { field: guarded, cookies } = guard.guard(request);
    const errors = wrong?.errors ?? {};
    const { intro, fields } = body(owner, errors, sent);
    return page({
      title,
      status: wrong?.fault.status ?? 200,
      cookies,
      secretAddress: true,
      body: html`<div class="sheet"><h1>${title}</h1>
${intro}
${errorSummary(errors)}
${form(request.path, guarded, [usernameFor(owner.email), ...fields])}</div>`,
    });
  }

  async function answer(request: Incoming): Promise<Answer> {
    const sent = await guard.read(request);
    let done: Answer | undefined;
    const wrong = await faultsOf(async () => {
      done = await submit(secretOf(request), sent, request);
    });
    return wrong ? render(request, sent, wrong) : done!;
  }

  return [
    { method: 'GET', path, ...openRoute, handle: request => render(request) },
    { method: 'POST', path, ...openRoute, handle: answer },
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
