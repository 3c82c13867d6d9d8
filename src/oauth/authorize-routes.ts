// The authorization endpoint, for browsers: an app sends the user to it, and so do the sign-in and consent pages.

import type { LiveSession, Sessions } from '../auth/sessions/sessions.ts';
import { fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { errorPage } from '../pages/error-page.ts';
import { redirect } from '../pages/page.ts';
import { readForm } from '../pages/read-form.ts';
import { sessionCookieValue } from './adapter.ts';
import { authorizationErrorPage } from './authorization-error-page.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { duringCall, newCall } from './call.ts';
import type { InteractionResult } from './policy.ts';
import type { ProviderRequest } from './run-provider.ts';
import { authorizeParameters, paths } from './settings.ts';

export interface AuthorizeRoutesDeps {
  readonly server: AuthorizationServer;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly cookieNames: { readonly session: string; readonly resume: string };
  /** @throws TOO_MANY_REQUESTS */
  readonly limit: (request: Incoming, clientId: string) => Promise<void>;
}

export function authorizeRoutes({ server, sessions, cookieNames, limit }: AuthorizeRoutesDeps): Route[] {
  async function begin(request: Incoming, sent: URLSearchParams): Promise<Answer> {
    const query = new URLSearchParams([...sent].filter(([name]) => known.has(name)));
    // oidc-provider answers `form_post` with a page that runs a script, which this server does not serve.
    if (query.getAll('response_mode').includes('form_post')) query.set('response_mode', 'unsupported');
    await limit(request, (query.get('client_id') ?? '').slice(0, 100));
    const session = await sessions.find(request);
    const call = newCall(request, session);
    return finish(await server.answer(call, { ...forwarded(session), query, path: paths.authorize }));
  }

  /** The user returns after deciding. Anyone can open this address, so nothing in it is trusted. */
  async function resume(request: Incoming): Promise<Answer> {
    const uid = uidOf(request, paths.authorize);
    const session = await sessions.find(request);
    const provider = await server.provider();
    const interaction = await duringCall(newCall(request), () => provider.Interaction.find(uid));
    const { error, login } = (interaction?.result ?? {}) as InteractionResult;
    // A different user is signed in than the one who decided: ask that user.
    if (interaction && !error && login?.accountId !== session?.user.id)
      return redirect(`${paths.interaction}/${uid}`);
    const call = newCall(request, session, interaction?.session?.uid);
    return finish(
      await server.answer(call, {
        ...forwarded(session, resumeCookies(request)),
        path: `${paths.authorize}/${uid}`,
      }),
    );
  }

  const forwarded = (
    session: LiveSession | undefined,
    cookies: readonly (readonly [string, string])[] = [],
  ): Pick<ProviderRequest, 'method' | 'cookies'> => ({
    method: 'GET',
    cookies: session ? [...cookies, [cookieNames.session, sessionCookieValue]] : cookies,
  });

  const resumeCookies = (request: Incoming): [string, string][] =>
    readAll(request.header('cookie') ?? '').filter(
      ([name]) => name === cookieNames.resume || name === `${cookieNames.resume}.sig`,
    );

  /** Drops the session cookie, which browsers never get. Anything but a redirect is an error that must not reach the app. */
  function finish(answer: Answer): Answer {
    const cookies = answer.cookies?.filter(cookie => !cookie.startsWith(cookieNames.session));
    if (answer.status >= 300 && answer.status < 400) return { ...answer, cookies, body: undefined };
    return { ...authorizationErrorPage(answer), cookies };
  }

  const shared = { open: true, fail: errorPage } as const;
  return [
    {
      ...shared,
      method: 'GET',
      path: paths.authorize,
      handle: request => begin(request, new URLSearchParams(request.query)),
    },
    {
      ...shared,
      method: 'POST',
      path: paths.authorize,
      async handle(request) {
        const form = await readForm(request);
        return begin(
          request,
          new URLSearchParams(
            authorizeParameters.filter(name => form.has(name)).map(name => [name, form.get(name)]),
          ),
        );
      },
    },
    { ...shared, method: 'GET', path: `${paths.authorize}/*`, handle: resume },
  ];
}

const known: ReadonlySet<string> = new Set(authorizeParameters);

/** @returns the interaction id after the base path @throws NOT_FOUND */
export function uidOf({ path }: Incoming, base: string): string {
  const uid = path.slice(base.length + 1);
  if (/^[\w-]{20,64}$/.test(uid)) return uid;
  throw fault('NOT_FOUND', 'There is no such app request.', {
    hint: 'Go back to the app and start again.',
  });
}

const readAll = (header: string): [string, string][] =>
  header.split(';').map(pair => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, Math.max(equals, 0)).trim(), pair.slice(equals + 1).trim()];
  });
