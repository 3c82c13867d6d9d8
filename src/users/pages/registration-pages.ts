// /register: self-registration.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import { fault } from '../../base/errors.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { errorPage } from '../../pages/error-page.ts';
import { html } from '../../pages/html.ts';
import { page, redirect } from '../../pages/page.ts';
import { button, errorSummary, field, form } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import type { UserServices } from '../services/create-user-services.ts';
import { type FormProblem, faultsOf } from './form-faults.ts';
import { checkYourEmail, newPassword } from './link-pages.ts';

export interface RegistrationPagesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
}

const path = '/register';

export function registrationPages(deps: RegistrationPagesDeps): Route[] {
  const open = { open: true, fail: errorPage } as const;
  return [
    { method: 'GET', path, ...open, handle: request => show(deps, request) },
    { method: 'POST', path, ...open, handle: request => register(deps, request) },
  ];
}

async function show(deps: RegistrationPagesDeps, request: Incoming): Promise<Answer> {
  requireOpen(deps);
  return (await deps.sessions.find(request)) ? redirect('/account') : render(deps, request);
}

async function register(deps: RegistrationPagesDeps, request: Incoming): Promise<Answer> {
  const { registration, signIn } = deps.userServices;
  requireOpen(deps);
  const sent = await deps.pages.guard.read(request);
  const email = sent.get('email');
  if (registration.byEmail) {
    const wrong = await faultsOf(() => registration.requestLink(email, request));
    return wrong ? render(deps, request, sent, wrong) : checkYourEmail();
  }
  let userId = '';
  const wrong = await faultsOf(async () => {
    const input = { email, name: sent.get('name'), password: sent.get('password') };
    userId = await registration.create(input, request);
  });
  if (wrong) return render(deps, request, sent, wrong);
  return redirect('/account?done=welcome', [await signIn.start(userId, request, 'registration')]);
}

function render(
  { userServices: { registration }, pages }: RegistrationPagesDeps,
  request: Incoming,
  sent?: Form,
  wrong?: FormProblem,
): Answer {
  const errors = wrong?.errors ?? {};
  const { field: guarded, cookies } = pages.guard.guard(request);
  return page({
    title: 'Create an account',
    status: wrong?.fault.status ?? 200,
    cookies,
    body: html`<div class="sheet"><h1>Create an account</h1>
${registration.byEmail && html`<p>We will e-mail you a link to set your password.</p>`}
${errorSummary(errors)}
${form(path, guarded, [
  field({
    name: 'email',
    label: 'E-mail',
    type: 'email',
    value: sent?.get('email'),
    autocomplete: 'username',
    error: errors.email,
    focus: !sent,
    lengthMax: 254,
  }),
  !registration.byEmail && [
    field({
      name: 'name',
      label: 'Name',
      value: sent?.get('name'),
      autocomplete: 'name',
      error: errors.name,
      required: false,
      lengthMax: 100,
    }),
    newPassword(errors.password),
  ],
  button(registration.byEmail ? 'Send link' : 'Create account'),
])}</div>
<p class="beside">Already have an account? <a href="/sign-in">Sign in</a></p>`,
  });
}

function requireOpen({ userServices: { registration } }: RegistrationPagesDeps): void {
  if (registration.open) return;
  throw fault('NOT_FOUND', 'Registration is closed.', {
    hint: 'Ask an administrator for an invitation.',
  });
}
