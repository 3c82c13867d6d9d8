// /account/developer/apps/{id}: what can be done to an app, each by a form of its page.

import { fault } from '../../base/errors.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { redirect } from '../../pages/page.ts';
import type { Form } from '../../pages/read-form.ts';
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

export function appPage({ apps, pages, managerOf, showApp }: AppPages): Route[] {
  const { registry, secrets } = apps;

  /** By what follows the app's id. */
  const acts: Readonly<Record<string, Act>> = {
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
  };

  async function act(visit: Visit, sent: Form): Promise<Answer> {
    const [id, what = ''] = partsOf(visit);
    const manager = managerOf(visit);
    if (what === 'delete') return remove(manager, id, sent, visit);
    const wanted = Object.hasOwn(acts, what) ? acts[what] : undefined;
    if (!wanted) throw fault('NOT_FOUND', 'There is no such form.');
    return answer(visit, id, what === 'save' ? sent : undefined, () => wanted(manager, id, sent));
  }

  /** @param typed the form that is to be shown again where it could not be saved */
  async function answer(
    visit: Visit,
    id: string,
    typed: Form | undefined,
    work: () => Promise<Shown | undefined>,
  ): Promise<Answer> {
    try {
      const shown = await work();
      if (!shown) return redirect(`${appsPath}/${id}`);
      return showApp(visit, await registry.find(managerOf(visit), id), shown);
    } catch (error) {
      const errors = toFormErrors(error);
      const fields = typed && readAppFields(typed);
      return showApp(visit, await registry.find(managerOf(visit), id), { errors, fields });
    }
  }

  async function remove(manager: Manager, id: string, sent: Form, visit: Visit): Promise<Answer> {
    if (sent.get('sure') !== 'yes')
      return showApp(visit, await registry.find(manager, id), {
        errors: { 'sure-0': 'Tick the box to delete the app.' },
      });
    await registry.remove(manager, id);
    return redirect(`${path}?done=deleted`);
  }

  return [
    pages.account.get(`${appsPath}/*`, async visit => {
      const [id, rest] = partsOf(visit);
      // What a form was sent to stays in the bar, and may be loaded again.
      if (rest !== undefined) return redirect(`${appsPath}/${encodeURIComponent(id)}`);
      return showApp(visit, await registry.find(managerOf(visit), id));
    }),
    pages.account.post(`${appsPath}/*`, act, { lists: appFormLists }),
    pages.account.post(
      `${logosPath}/*`,
      (visit, sent) => {
        const [id] = partsOf(visit);
        return answer(visit, id, undefined, async () => {
          if (!sent.file?.length) throw fault('INVALID_VALUE', 'Choose an image.', { target: 'logo' });
          await registry.setLogo(managerOf(visit), id, sent.file);
          return undefined;
        });
      },
      { fileBytesMax: logoBytesMax },
    ),
    pages.account.get(`${logosPath}/*`, visit =>
      redirect(`${appsPath}/${encodeURIComponent(partsOf(visit)[0])}`),
    ),
  ];
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
