// /sign-in/provider redirects to the OpenID provider, which redirects back to /sign-in/provider/callback.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import { dropCookie, hostCookie, readCookie, writeCookie } from '../../http/message/cookies.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import { errorPage } from '../../pages/error-page.ts';
import { localPath } from '../../pages/local-path.ts';
import { redirect } from '../../pages/page.ts';
import type { ExternalUsers } from '../services/external-users.ts';
import { type Began, callbackPath, notSignedIn, type Provider } from '../services/provider.ts';
import type { SignIn } from '../services/sign-in.ts';

export interface ProviderPagesDeps {
  readonly provider: Provider;
  readonly externalUsers: ExternalUsers;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly publicUrl: string;
}

/** Leaves time to find a second factor. */
const secondsMax = 900;
const home = '/account';

export function providerPages({
  provider,
  externalUsers,
  signIn,
  sessions,
  publicUrl,
}: ProviderPagesDeps): Route[] {
  // The state of a sign-in is kept in the browser that began it, so that no other browser can finish it.
  const cookieName = hostCookie('portolan_provider', publicUrl);

  async function begin(request: Incoming): Promise<Answer> {
    const query = new URLSearchParams(request.query);
    const to = localPath(query.get('return'), home);
    const again = query.get('again') === '1';
    if (!again && (await sessions.find(request))) return redirect(to);
    const { url, began } = await provider.begin(again);
    return redirect(url, [writeCookie(cookieName, encode({ ...began, to }), secondsMax)]);
  }

  async function finish(request: Incoming): Promise<Answer> {
    const began = decode(readCookie(request, cookieName));
    if (!began) throw notSignedIn('The sign-in took too long or began in another browser. Start again.');
    const claims = await provider.finish(request.query, began);
    const userId = await externalUsers.resolve(claims, request);
    const cookie = await signIn.start(userId, request, provider.name);
    return redirect(localPath(began.to, home), [cookie, dropCookie(cookieName)]);
  }

  return [
    { method: 'GET', path: '/sign-in/provider', open: true, fail: errorPage, handle: begin },
    { method: 'GET', path: callbackPath, open: true, secretQuery: true, fail: errorPage, handle: finish },
  ];
}

interface Stored extends Began {
  readonly to: string;
}

const encode = (stored: Stored): string => Buffer.from(JSON.stringify(stored)).toString('base64url');

function decode(value: string | undefined): Stored | undefined {
  if (!value) return undefined;
  try {
    const { state, nonce, verifier, to } = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    const complete = [state, nonce, verifier, to].every(part => typeof part === 'string' && part !== '');
    return complete ? { state, nonce, verifier, to } : undefined;
  } catch {
    return undefined;
  }
}
