// Forms are taken from our own pages only: by a token that is bound to the browser's session, or, before there is one, to
// a cookie of its own; and by what the browser says of the page that the form stood on.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sourceOf } from '../auth/sessions/cross-site.ts';
import type { Pepper } from '../base/config/config.ts';
import { fault } from '../base/errors.ts';
import { hostCookie, readCookie, writeCookie } from '../http/message/cookies.ts';
import type { Incoming } from '../http/message/message.ts';
import { deriveSecret } from '../safestore/peppers.ts';
import { type Html, html } from './html.ts';
import { type Form, type FormOptions, readForm } from './read-form.ts';

interface Guarded {
  /** The hidden field that every form of the page needs. */
  readonly field: Html;
  /** What the answer must set: nothing where the browser has a cookie already. */
  readonly cookies: readonly string[];
}

export interface FormGuard {
  guard(request: Incoming): Guarded;
  /** @throws FOREIGN_PAGE, and what `readForm` throws */
  read(request: Incoming, options?: FormOptions): Promise<Form>;
}

export interface FormGuardParts {
  readonly publicUrl: string;
  /** Newest first. */
  readonly peppers: readonly Pepper[];
}

const fieldName = 'form_token';

export function createFormGuard({ publicUrl, peppers }: FormGuardParts): FormGuard {
  const session = hostCookie('portolan_session', publicUrl);
  const visit = hostCookie('portolan_visit', publicUrl);
  const keys = peppers.map(pepper => deriveSecret(pepper, 'form tokens'));

  /** The browser's cookie to which its forms are bound. */
  function bindingOf(request: Incoming): string | undefined {
    const signedIn = readCookie(request, session);
    if (signedIn) return `session ${signedIn}`;
    const visiting = readCookie(request, visit);
    return visiting && `visit ${visiting}`;
  }

  function guard(request: Incoming): Guarded {
    const known = bindingOf(request);
    const fresh = known === undefined ? randomBytes(24).toString('base64url') : undefined;
    const token = tokenFor(keys[0]!, known ?? `visit ${fresh}`).toString('base64url');
    return {
      field: html`<input type="hidden" name="${fieldName}" value="${token}">`,
      cookies: fresh === undefined ? [] : [writeCookie(visit, fresh)],
    };
  }

  async function read(request: Incoming, options?: FormOptions): Promise<Form> {
    if (sourceOf(request, publicUrl) === 'cross-origin') throw foreignForm();
    const form = await readForm(request, options);
    const binding = bindingOf(request);
    const presented = Buffer.from(form.get(fieldName), 'base64url');
    // A form may have been open while the newest pepper became another.
    if (binding === undefined || !keys.some(key => equal(tokenFor(key, binding), presented)))
      throw staleForm();
    return form;
  }

  return { guard, read };
}

const tokenFor = (key: Buffer, binding: string): Buffer => createHmac('sha256', key).update(binding).digest();

const equal = (expected: Buffer, presented: Buffer): boolean =>
  expected.length === presented.length && timingSafeEqual(expected, presented);

const foreignForm = () =>
  fault('FOREIGN_PAGE', 'This form was not sent by a page of this server.', {
    hint: 'Open the page here, and send it from there.',
  });

const staleForm = () =>
  fault('FOREIGN_PAGE', 'This form is no longer good: somebody signed in or out, or cookies are off.', {
    hint: 'Go back, load the page again, and send it once more.',
  });
