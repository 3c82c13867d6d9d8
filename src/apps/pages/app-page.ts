// /account/developer/apps/{id}: what can be done to an app, each by a form of its page.

import { fault } from '../../base/errors.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { redirect } from '../../pages/page.ts';
import type { Form } from '../../pages/read-form.ts';
import type { Apps } from '../services/create-apps.ts';
import { logoBytesMax } from '../services/logo.ts';
import type { Manager } from '../services/manager.ts';
import { appFormLists, readAppFields, toDraft } from './app-form.ts';
import { toFormErrors } from './form-errors.ts';
import { type AppPages, path, type Shown } from './page-parts.ts';

const appsPath = `${path}/apps`;
const logosPath = `${path}/logos`;
const hourMs = 3_600_000;

/** What a form of the page asks for. @returns what to say on the page; nothing to load the page anew */
type Act = (manager: Manager, id: string, sent: Form) => Promise<Shown | undefined>;

export function appPage(deps: AppPages): Route[] {
  const { account } = deps.pages;
  const acts = actsOf(deps.apps);
  return [
    account.get(`${appsPath}/*`, visit => show(deps, visit)),
    account.post(`${appsPath}/*`, (visit, sent) => act(deps, acts, visit, sent), { lists: appFormLists }),
    account.post(`${logosPath}/*`, (visit, sent) => setLogo(deps, visit, sent), {
      fileBytesMax: logoBytesMax,
    }),
    account.get(`${logosPath}/*`, visit => toApp(partsOf(visit)[0])),
  ];
}

/** By what follows the app's id. */
const actsOf = ({ registry, secrets }: Apps): Readonly<Record<string, Act>> => ({
  save: async (manager, id, sent) => {
    await registry.change(manager, id, toDraft(readAppFields(sent)));
    return { said: 'Saved.' };
  },
  secret: async (manager, id, sent) => {
    const hours = readHours(sent.get('overlap'));
    const othersExpireAt = hours === undefined ? undefined : new Date(Date.now() + hours * hourMs);
    const { secret } = await secrets.create(manager, id, { othersExpireAt });
    return { secret, said: 'Secret created.' };
  },
  'remove-secret': async (manager, id, sent) => {
    await secrets.remove(manager, id, sent.get('secret'));
    return { said: 'Secret revoked.' };
  },
  'remove-logo': async (manager, id) => {
    await registry.setLogo(manager, id, null);
    return undefined;
  },
  disable: async (manager, id) => {
    await registry.disable(manager, id);
    return undefined;
  },
  enable: async (manager, id) => {
    await registry.enable(manager, id);
    return undefined;
  },
});

const toApp = (id: string): Answer => redirect(`${appsPath}/${encodeURIComponent(id)}`);

async function show({ apps, managerOf, showApp }: AppPages, visit: Visit): Promise<Answer> {
  const [id, rest] = partsOf(visit);
  // What a form was sent to stays in the bar, and may be loaded again.
  if (rest !== undefined) return toApp(id);
  return showApp(visit, await apps.registry.find(managerOf(visit), id));
}

const setLogo = (deps: AppPages, visit: Visit, sent: Form): Promise<Answer> =>
  answer(deps, visit, async (manager, id) => {
    if (!sent.file?.length) throw fault('INVALID_VALUE', 'Choose an image.', { target: 'logo' });
    await deps.apps.registry.setLogo(manager, id, sent.file);
    return undefined;
  });

async function act(
  deps: AppPages,
  acts: Readonly<Record<string, Act>>,
  visit: Visit,
  sent: Form,
): Promise<Answer> {
  const [, what = ''] = partsOf(visit);
  if (what === 'delete') return remove(deps, visit, sent);
  const wanted = Object.hasOwn(acts, what) ? acts[what] : undefined;
  if (!wanted) throw fault('NOT_FOUND', 'There is no such form.');
  return answer(deps, visit, (manager, id) => wanted(manager, id, sent), what === 'save' ? sent : undefined);
}

/** @param typed the form that is to be shown again where it could not be saved */
async function answer(
  { apps, managerOf, showApp }: AppPages,
  visit: Visit,
  work: (manager: Manager, id: string) => Promise<Shown | undefined>,
  typed?: Form,
): Promise<Answer> {
  const manager = managerOf(visit);
  const [id] = partsOf(visit);
  try {
    const shown = await work(manager, id);
    if (!shown) return redirect(`${appsPath}/${id}`);
    return showApp(visit, await apps.registry.find(manager, id), shown);
  } catch (error) {
    const errors = toFormErrors(error);
    const fields = typed && readAppFields(typed);
    return showApp(visit, await apps.registry.find(manager, id), { errors, fields });
  }
}

async function remove({ apps, managerOf, showApp }: AppPages, visit: Visit, sent: Form): Promise<Answer> {
  const [id] = partsOf(visit);
  const manager = managerOf(visit);
  if (sent.get('sure') !== 'yes')
    return showApp(visit, await apps.registry.find(manager, id), {
      errors: { 'sure-0': 'Tick the box to delete the app.' },
    });
  await apps.registry.remove(manager, id);
  return redirect(`${path}?done=deleted`);
}

/** @returns of `/account/developer/apps/{id}/…` the app's id, and what follows it */
function partsOf({ request }: Visit): [id: string, what?: string] {
  const [id = '', ...rest] = request.path.split('/').slice(4);
  return rest.length === 0 ? [id] : [id, rest.join('/')];
}

/** @returns for how long the old secrets stay good; undefined: as long as before */
function readHours(text: string): number | undefined {
  if (text === '') return undefined;
  const hours = Number(text);
  if (Number.isFinite(hours) && hours > 0 && hours <= 8_760) return hours;
  throw fault('INVALID_VALUE', 'Choose one of the listed periods.', { target: 'overlap' });
}
