// The authorization endpoint, which browsers come to: where an app sends a person, and where our own pages send them on.

import type { LiveSession, Sessions } from '../auth/sessions/sessions.ts';
import { fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { errorPage } from '../pages/error-page.ts';
import { redirect } from '../pages/page.ts';
import { readForm } from '../pages/read-form.ts';
import { sessionCookieValue } from './adapter.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { duringCall, newCall } from './call.ts';
import type { InteractionResult } from './policy.ts';
import { refusalPage } from './refusal-page.ts';
import type { ProviderRequest } from './run-provider.ts';
import { authorizeParameters, paths } from './settings.ts';

export interface AuthorizeRoutesParts {
  readonly server: AuthorizationServer;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly cookieNames: { readonly session: string; readonly resume: string };
  /** @throws TOO_MANY_REQUESTS */
  readonly limit: (request: Incoming, clientId: string) => Promise<void>;
}

export function authorizeRoutes({ server, sessions, cookieNames, limit }: AuthorizeRoutesParts): Route[] {
  async function begin(request: Incoming, sent: URLSearchParams): Promise<Answer> {
    const query = new URLSearchParams([...sent].filter(([name]) => known.has(name)));
    // The page that would answer in this way runs a script, which none of ours does.
    if (query.getAll('response_mode').includes('form_post')) query.set('response_mode', 'none of ours');
    await limit(request, (query.get('client_id') ?? '').slice(0, 100));
    const session = await sessions.find(request);
    const call = newCall(request, session);
    return finish(await server.answer(call, { ...shown(session), query, path: paths.authorize }));
  }

  /** A person who has decided comes back; or somebody who would like to be taken for one. */
  async function resume(request: Incoming): Promise<Answer> {
    const uid = uidOf(request, paths.authorize);
    const session = await sessions.find(request);
    const provider = await server.provider();
    const interaction = await duringCall(newCall(request), () => provider.Interaction.find(uid));
    const { error, login } = (interaction?.result ?? {}) as InteractionResult;
    // Whoever decided is not signed in here any more: whoever is must decide.
    if (interaction && !error && login?.accountId !== session?.user.id)
      return redirect(`${paths.interaction}/${uid}`);
    const call = newCall(request, session, interaction?.session?.uid);
    return finish(
      await server.answer(call, {
        ...shown(session, resumeCookies(request)),
        path: `${paths.authorize}/${uid}`,
      }),
    );
  }

  const shown = (
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

  /** The session's cookie is ours alone. What is no redirect is an error that no app may be told. */
  function finish(answer: Answer): Answer {
    const cookies = answer.cookies?.filter(cookie => !cookie.startsWith(cookieNames.session));
    if (answer.status >= 300 && answer.status < 400) return { ...answer, cookies, body: undefined };
    return { ...refusalPage(answer), cookies };
  }

  const shared = { open: true, fail: errorPage } as const;
  return [
    {
      ...shared,
      ...{ method: 'GET', path: paths.authorize },
      handle: request => begin(request, new URLSearchParams(request.query)),
    },
    {
      ...shared,
      ...{ method: 'POST', path: paths.authorize },
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

/** @returns what follows a path @throws NOT_FOUND */
export function uidOf({ path }: Incoming, base: string): string {
  const uid = path.slice(base.length + 1);
  if (/^[\w-]{20,64}$/.test(uid)) return uid;
  throw fault('NOT_FOUND', 'There is no such request of an app.', {
    hint: 'Go back to the app, and begin again from there.',
  });
}

const readAll = (header: string): [string, string][] =>
  header.split(';').map(pair => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, Math.max(equals, 0)).trim(), pair.slice(equals + 1).trim()];
  });
