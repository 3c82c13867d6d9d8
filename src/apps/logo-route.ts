// Logos, from our own origin: users see them on the consent page, and another host would learn who does.

import { fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import type { Apps } from './services/create-apps.ts';

/** `/apps/{id}/logo`, which is in the views of apps. No credential: the consent page shows it to any user. */
export function logoRoute({ apps }: { apps: Pick<Apps, 'registry'> }): Route {
  const handle = async ({ path }: Incoming): Promise<Answer> => {
    const [id = '', rest] = path.slice('/apps/'.length).split('/');
    const logo = rest === 'logo' ? await apps.registry.logo(id) : undefined;
    if (!logo) throw fault('NOT_FOUND', 'There is no such logo.');
    return { status: 200, headers: { 'content-type': logo.type, ...guarded }, body: logo.bytes };
  };
  return { method: 'GET', path: '/apps/*', open: true, handle };
}

/** An image and nothing else, whatever it may look like to a browser that is sent there. */
const guarded = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'content-disposition': 'inline; filename="logo"',
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, max-age=300',
};
