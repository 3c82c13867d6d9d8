// Protects forms against cross-site requests: by a token that is bound to the browser's session, or to a cookie of its own
// before sign-in, and by what the browser reports about the page that sent the form.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sourceOf } from '../auth/sessions/cross-site.ts';
import type { Pepper } from '../base/config/peppers.ts';
import { fault } from '../base/errors.ts';
import { hostCookie, readCookie, writeCookie } from '../http/message/cookies.ts';
import type { Incoming } from '../http/message/message.ts';
import { deriveSecret } from '../safestore/peppers.ts';
import { type Html, html } from './html.ts';
import { type Form, type FormOptions, readForm } from './read-form.ts';

interface Guarded {
  /** The hidden field that every form of the page needs. */
  readonly field: Html;
  /** Cookies that the response must set: none if the browser already has one. */
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

  /** The cookie that the browser's forms are bound to. */
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
    if (sourceOf(request, publicUrl) === 'cross-origin') throw crossSiteForm();
    const form = await readForm(request, options);
    const binding = bindingOf(request);
    const presented = Buffer.from(form.get(fieldName), 'base64url');
    // The pepper may have been rotated while the form was open.
    if (binding === undefined || !keys.some(key => equal(tokenFor(key, binding), presented)))
      throw staleForm();
    return form;
  }

  return { guard, read };
}

const tokenFor = (key: Buffer, binding: string): Buffer => createHmac('sha256', key).update(binding).digest();

const equal = (expected: Buffer, presented: Buffer): boolean =>
  expected.length === presented.length && timingSafeEqual(expected, presented);

const crossSiteForm = () =>
  fault('FOREIGN_PAGE', 'This form was not sent from a page of this server.', {
    hint: 'Open the page on this server and submit the form there.',
  });

const staleForm = () =>
  fault('FOREIGN_PAGE', 'This form has expired: you signed in or out since, or cookies are disabled.', {
    hint: 'Go back, reload the page, and submit the form again.',
  });
