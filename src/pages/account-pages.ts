// Pages for signed-in users: header, navigation, and the redirect to sign-in for everyone else.

import type { LiveSession, Sessions } from '../auth/sessions/sessions.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { errorPage } from './error-page.ts';
import type { FormGuard } from './form-guard.ts';
import { type Html, html } from './html.ts';
import { brand, document, type Page, redirect } from './page.ts';
import { button, form, name } from './parts.ts';
import type { Form, FormOptions } from './read-form.ts';

/** A request from a signed-in user. */
export interface Visit {
  readonly request: Incoming;
  readonly session: LiveSession;
  /** The hidden field that every form of the page needs: see `form` of parts.ts. */
  readonly guarded: Html;
  /** @returns a page with the account header and navigation; `body` consists of sections, most of them with the class `sheet` */
  page(content: AccountPage): Answer;
}

interface AccountPage extends Pick<Page, 'title' | 'body' | 'status' | 'headers'> {
  /** Path of the navigation entry to highlight. */
  readonly here: string;
}

export interface AccountPages {
  /** @param path `/account/…`, as for a route */
  get(path: string, handle: (visit: Visit) => Promise<Answer> | Answer): Route;
  /** The form is checked and read before `handle` is called; return `redirect`, or the page again with its errors. */
  post(
    path: string,
    handle: (visit: Visit, form: Form) => Promise<Answer> | Answer,
    options?: FormOptions,
  ): Route;
}

export interface AccountPagesParts {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly guard: FormGuard;
}

/** The navigation of all account pages. */
const entries: readonly { readonly path: string; readonly text: string; readonly scope?: string }[] = [
  { path: '/account', text: 'Overview' },
  { path: '/account/keys', text: 'API keys' },
  { path: '/account/connected-apps', text: 'Connected apps' },
  { path: '/account/developer', text: 'Developer' },
  { path: '/account/people', text: 'Users', scope: 'admin' },
];

export function createAccountPages({ sessions, guard }: AccountPagesParts): AccountPages {
  const open = (request: Incoming, session: LiveSession): Visit => {
    const { field: guarded, cookies } = guard.guard(request);
    const page = ({ here, body, ...rest }: AccountPage) =>
      document({ ...rest, cookies, body: frame(session, here, guarded, body) });
    return { request, session, guarded, page };
  };

  return {
    get: (path, handle) => ({
      method: 'GET',
      path,
      open: true,
      fail: errorPage,
      async handle(request) {
        const session = await sessions.find(request);
        return session ? handle(open(request, session)) : toSignIn(request);
      },
    }),
    post: (path, handle, options) => ({
      method: 'POST',
      path,
      open: true,
      fail: errorPage,
      async handle(request) {
        const session = await sessions.find(request);
        // The input is lost: nothing is stored for a user who is not signed in.
        if (!session) return redirect('/sign-in?return=/account');
        return handle(open(request, session), await guard.read(request, options));
      },
    }),
  };
}

/** @returns a redirect to the sign-in page, which returns to this address */
const toSignIn = ({ path, query }: Pick<Incoming, 'path' | 'query'>): Answer =>
  redirect(`/sign-in?return=${encodeURIComponent(query ? `${path}?${query}` : path)}`);

const frame = ({ user, principal }: LiveSession, here: string, guarded: Html, body: Html): Html =>
  html`<header class="top"><div>
${brand}
<span class="who" title="${user.email}">${name(user.name || user.email)}</span>
${form('/sign-out', guarded, button('Sign out', 'quiet small'), 'inline')}
</div></header>
<div class="columns">
<nav aria-label="Account"><ul>${entries
    .filter(({ scope }) => !scope || principal.scopes.has(scope))
    .map(
      ({ path, text }) =>
        html`<li><a href="${path}"${path === here && html` aria-current="page"`}>${text}</a></li>`,
    )}</ul></nav>
<main id="content">${body}</main>
</div>`;
