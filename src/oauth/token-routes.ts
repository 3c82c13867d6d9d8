// The endpoints that apps call directly: /token, /revoke, /introspect.

import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { type Form, readForm } from '../pages/read-form.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { newCall } from './call.ts';
import { oauthError } from './oauth-error.ts';
import { paths, tokenParameters } from './settings.ts';

export interface TokenRoutesDeps {
  readonly server: AuthorizationServer;
  /** @throws TOO_MANY_REQUESTS */
  readonly limit: (request: Incoming, clientId: string) => Promise<void>;
}

const bodyBytesMax = 20_000;

export const tokenRoutes = (deps: TokenRoutesDeps): Route[] => [
  ...endpoint(deps, paths.token, true),
  ...endpoint(deps, paths.revoke, true),
  // Introspection is for servers, not for web pages.
  ...endpoint(deps, paths.introspect, false),
];

/** @param crossOrigin whether pages of the app's own origins may call it */
function endpoint({ server, limit }: TokenRoutesDeps, path: string, crossOrigin: boolean): Route[] {
  async function handle(request: Incoming): Promise<Answer> {
    const form = await readForm(request, { bytesMax: bodyBytesMax });
    const authorization = request.header('authorization');
    await limit(request, clientIdOf(form, authorization));
    const origin = crossOrigin ? request.header('origin') : undefined;
    const answer = await server.answer(newCall(request), {
      method: 'POST',
      path,
      form: toParameters(form),
      headers: { authorization, origin },
    });
    return origin === undefined ? withoutCrossOrigin(answer) : answer;
  }

  const shared = { path, open: true, fail: oauthError } as const;
  const post: Route = { ...shared, method: 'POST', handle };
  return crossOrigin ? [post, { ...shared, method: 'OPTIONS', handle: preflight }] : [post];
}

/** The known parameters, each once; anything else is dropped. */
function toParameters(form: Form): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of tokenParameters) if (form.has(name)) parameters.set(name, form.get(name));
  return parameters;
}

/** For rate limiting only: the app is not authenticated yet. */
function clientIdOf(form: Form, authorization: string | undefined): string {
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  const [user = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return (form.get('client_id') || user).slice(0, 100);
}

function withoutCrossOrigin(answer: Answer): Answer {
  const shown = Object.entries(answer.headers ?? {}).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: Object.fromEntries(shown) };
}

/** A preflight does not name the app: the actual request checks the origin against the app's redirect URIs. */
function preflight(request: Incoming): Answer {
  const origin = request.header('origin');
  const allow = 'POST, OPTIONS';
  if (origin === undefined || request.header('access-control-request-method') === undefined)
    return { status: 204, headers: { allow } };
  return {
    status: 204,
    headers: {
      allow,
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '7200',
    },
  };
}
