// /account/keys/review: after a password reset, the API keys that an intruder may have created while signed in.

import type { By, KeySummary, Keys } from '../auth/keys/keys.ts';
import { mayBeOfSession } from '../auth/keys/session-keys.ts';
import type { Answer } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import type { Visit } from '../pages/account-pages.ts';
import type { Pages } from '../pages/create-pages.ts';
import { html } from '../pages/html.ts';
import { redirect } from '../pages/page.ts';
import { button, buttonLink, checkboxes, form, name, time } from '../pages/parts.ts';
import type { Form } from '../pages/read-form.ts';

export interface ReviewPageParts {
  readonly keys: Keys;
  readonly pages: Pick<Pages, 'account'>;
}

const path = '/account/keys/review';
const keysPath = '/account/keys';

export function reviewPage({ keys, pages: { account } }: ReviewPageParts): Route[] {
  const byOf = ({ session, request }: Visit): By => ({ principal: session.principal, request });

  const find = async (visit: Visit): Promise<KeySummary[]> =>
    (await keys.list(byOf(visit), { owner: visit.session.user.id })).filter(mayBeOfSession).reverse();

  async function show(visit: Visit): Promise<Answer> {
    const found = await find(visit);
    if (found.length === 0) return redirect('/account');
    return visit.page({
      title: 'Review your API keys',
      here: keysPath,
      body: html`<h1>Review your API keys</h1>
<section class="sheet"><p>All your sessions were ended, but API keys created while you were signed in still work. If someone else had access to your account, revoke the keys that you do not recognize.</p>
${form(path, visit.guarded, [
  checkboxes('key', 'Keys to revoke', found.map(toChoice)),
  button('Revoke selected keys', 'danger'),
])}
<p>${buttonLink('/account', 'Keep all keys', 'quiet')}</p></section>
<p class="faded">Also review your <a href="/account/connected-apps">connected apps</a>.</p>`,
    });
  }

  async function revoke(visit: Visit, sent: Form): Promise<Answer> {
    const chosen = new Set(sent.all('key'));
    const found = (await find(visit)).filter(({ id }) => chosen.has(id));
    for (const { id } of found) await keys.revoke(id, byOf(visit));
    return redirect(found.length > 0 ? `${keysPath}?done=revoked` : keysPath);
  }

  return [account.get(path, show), account.post(path, revoke, { lists: ['key'] })];
}

const toChoice = (key: KeySummary) => ({
  value: key.id,
  label: html`${name(key.name)} <code>${key.prefix}_…${key.lastFour}</code>`,
  hint: html`${key.scopes.join(' ')} · created ${time(key.createdAt)}${key.lastUsedAt && html` · last used ${time(key.lastUsedAt)}`}`,
});
