// /sign-in/provider leads to the OpenID provider, /sign-in/provider/callback is where it leads back to.

import type { Sessions } from '../../auth/sessions/sessions.ts';
import { dropCookie, hostCookie, readCookie, writeCookie } from '../../http/message/cookies.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import { errorPage } from '../../pages/error-page.ts';
import { localPath } from '../../pages/local-path.ts';
import { redirect } from '../../pages/page.ts';
import type { ExternalPeople } from '../services/external-people.ts';
import { type Began, callbackPath, notSignedIn, type Provider } from '../services/provider.ts';
import type { SignIn } from '../services/sign-in.ts';

export interface ProviderPagesParts {
  readonly provider: Provider;
  readonly externalPeople: ExternalPeople;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  readonly publicUrl: string;
}

/** Somebody may have to find their second factor first. */
const secondsMax = 900;
const home = '/account';

export function providerPages({
  provider,
  externalPeople,
  signIn,
  sessions,
  publicUrl,
}: ProviderPagesParts): Route[] {
  // What a sign-in began with stays in the browser that began it, so that no other one can end it.
  const kind = hostCookie('portolan_provider', publicUrl);

  async function leave(request: Incoming): Promise<Answer> {
    const query = new URLSearchParams(request.query);
    const to = localPath(query.get('return'), home);
    const again = query.get('again') === '1';
    if (!again && (await sessions.find(request))) return redirect(to);
    const { url, began } = await provider.begin(again);
    return redirect(url, [writeCookie(kind, encode({ ...began, to }), secondsMax)]);
  }

  async function comeBack(request: Incoming): Promise<Answer> {
    const began = decode(readCookie(request, kind));
    if (!began) throw notSignedIn('That took too long, or began in another browser. Begin again.');
    const claims = await provider.finish(request.query, began);
    const userId = await externalPeople.resolve(claims, request);
    const cookie = await signIn.start(userId, request, provider.name);
    return redirect(localPath(began.to, home), [cookie, dropCookie(kind)]);
  }

  return [
    { method: 'GET', path: '/sign-in/provider', open: true, fail: errorPage, handle: leave },
    { method: 'GET', path: callbackPath, open: true, secretQuery: true, fail: errorPage, handle: comeBack },
  ];
}

interface Kept extends Began {
  readonly to: string;
}

const encode = (kept: Kept): string => Buffer.from(JSON.stringify(kept)).toString('base64url');

function decode(value: string | undefined): Kept | undefined {
  if (!value) return undefined;
  try {
    const { state, nonce, verifier, to } = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    const whole = [state, nonce, verifier, to].every(part => typeof part === 'string' && part !== '');
    return whole ? { state, nonce, verifier, to } : undefined;
  } catch {
    return undefined;
  }
}
