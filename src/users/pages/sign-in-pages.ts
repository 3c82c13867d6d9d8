// /sign-in and /sign-out.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import { Fault } from '../../base/errors.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Pages } from '../../pages/create-pages.ts';
import { errorPage } from '../../pages/error-page.ts';
import { html, type Part } from '../../pages/html.ts';
import { localPath } from '../../pages/local-path.ts';
import { page, redirect } from '../../pages/page.ts';
import { button, buttonLink, errorSummary, field, form, notice } from '../../pages/parts.ts';
import type { UserServices } from '../services/create-user-services.ts';

export interface SignInPagesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly sessions: Sessions;
  /** Name of the OpenID provider; undefined if none is configured. */
  readonly providerName?: string;
}

const path = '/sign-in';
const home = '/account';

/** What was just done, by `?done=`. */
const messages: Readonly<Record<string, string>> = {
  out: 'You are signed out.',
  everywhere: 'You are signed out everywhere.',
  reset: 'Password changed. Sign in with your new password.',
};

export function signInPages(deps: SignInPagesDeps): Route[] {
  const open = { open: true, fail: errorPage } as const;
  return [
    { method: 'GET', path, ...open, handle: request => show(deps, request) },
    { method: 'POST', path, ...open, handle: request => signIn(deps, request) },
    { method: 'POST', path: '/sign-out', ...open, handle: request => signOut(deps, request) },
  ];
}

async function show(deps: SignInPagesDeps, request: Incoming): Promise<Answer> {
  const { to, again } = onwardOf(request);
  const session = await deps.sessions.find(request);
  if (session && !again) return redirect(to);
  const done = messages[new URLSearchParams(request.query).get('done') ?? ''];
  return render(deps, request, { to, again, email: session?.user.email, done });
}

async function signIn(deps: SignInPagesDeps, request: Incoming): Promise<Answer> {
  const { to, again } = onwardOf(request);
  const sent = await deps.pages.guard.read(request);
  const email = sent.get('email');
  try {
    const cookie = await deps.userServices.signIn.withPassword(email, sent.get('password'), request);
    return redirect(to, [cookie]);
  } catch (error) {
    if (!(error instanceof Fault) || error.status >= 500) throw error;
    return render(deps, request, { to, again, email, error });
  }
}

async function signOut(
  { userServices, pages, sessions }: SignInPagesDeps,
  request: Incoming,
): Promise<Answer> {
  await pages.guard.read(request);
  await userServices.signIn.out(request);
  return redirect(`${path}?done=out`, [sessions.dropCookie]);
}

/** Where to go after signing in, and whether to ask again: an app may require users to authenticate again. */
function onwardOf(request: Incoming): { readonly to: string; readonly again: boolean } {
  const query = new URLSearchParams(request.query);
  return { to: localPath(query.get('return'), home), again: query.get('again') === '1' };
}

function render(
  deps: SignInPagesDeps,
  request: Incoming,
  options: { to: string; again?: boolean; email?: string; error?: Fault; done?: Part },
): Answer {
  const { pages, providerName, userServices } = deps;
  const { field: guarded, cookies } = pages.guard.guard(request);
  const { to, again, email, error, done } = options;
  const onward = new URLSearchParams({ return: to, ...(again && { again: '1' }) }).toString();
  return page({
    title: 'Sign in',
    status: error?.status ?? 200,
    headers: error?.code === 'TOO_MANY_REQUESTS' ? error.headers : undefined,
    cookies,
    body: html`<div class="sheet">
<h1>Sign in</h1>
${done && notice(done, 'good')}
${error && errorSummary({ '': `${error.message} ${error.hint ?? ''}` })}
${form(`${path}?${onward}`, guarded, [
  field({
    name: 'email',
    label: 'E-mail',
    type: 'email',
    value: email,
    autocomplete: 'username',
    focus: !email,
    lengthMax: 254,
  }),
  field({
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
    focus: Boolean(email),
  }),
  button('Sign in'),
])}
${providerName && html`<div class="or">or</div>${buttonLink(`/sign-in/provider?${onward}`, `Continue with ${providerName}`, 'quiet')}`}
<p class="small"><a href="/reset">Forgot your password?</a></p>
</div>
${userServices.registration.open && html`<p class="beside">No account yet? <a href="/register">Create an account</a></p>`}`,
  });
}
