// The consent page: the user decides what an app may do for them.

import type { ScopeDescriptions } from '../../auth/scopes/describe-scope.ts';
import { coversScope, effectiveScopes } from '../../auth/scopes/scopes.ts';
import type { Answer } from '../../http/message/message.ts';
import { type Html, html, type Part } from '../../pages/html.ts';
import { page } from '../../pages/page.ts';
import { button, type Choice, checkboxes, errorSummary, form, name, notice } from '../../pages/parts.ts';
import type { Form } from '../../pages/read-form.ts';
import { logoAddress } from '../services/app-view.ts';
import type { PastGrants } from '../services/grants.ts';
import { placeOf } from '../services/redirect-uri.ts';
import { appMark } from './app-mark.ts';

/** The app as people see it. */
export interface AskingApp {
  readonly id: string;
  readonly name: string;
  readonly description?: string | null;
  readonly homePage?: string | null;
  /** Whether it has one. */
  readonly logo: boolean;
  readonly developer?: { readonly name: string };
}

export interface Consent {
  readonly client: AskingApp;
  readonly user: { readonly name: string; readonly email: string };
  /** What the app asks for. */
  readonly asked: readonly string[];
  /** What the person may do. */
  readonly owned: readonly string[];
  /** What they unticked when the page was sent before; undefined: everything is ticked. */
  readonly ticked?: readonly string[];
  readonly past: PastGrants;
  /** Where the app wants the answer to go. */
  readonly redirectUri: string;
  /** Where the form is sent. */
  readonly action: string;
  /** Where to sign in as another user. */
  readonly otherAccount: string;
  /** The hidden field of the form guard. */
  readonly guarded: Html;
  readonly cookies?: readonly string[];
  readonly error?: string;
}

/** What is needed to say things in words. */
export interface ConsentWords {
  readonly describeScope: ScopeDescriptions;
  readonly knownScopes: readonly string[];
}

/** @returns the page; its form is read by `readConsent` */
export function consentPage(consent: Consent, { describeScope, knownScopes }: ConsentWords): Answer {
  const { client, action, guarded, error, cookies, redirectUri } = consent;
  const { offered, beyond } = offer(consent.asked, consent.owned);
  return page({
    title: `Allow ${client.name}?`,
    status: error ? 400 : 200,
    wide: true,
    cookies,
    formTargets: formTargets(redirectUri),
    body: html`<div class="sheet">
${errorSummary({ 'scope-0': error })}
${asker(client)}
${account(consent)}
${form(
  action,
  guarded,
  html`${scopeBoxes(consent, offered, describeScope)}
${limits(offered, beyond, { describeScope, knownScopes })}
${trust(consent)}
<p>You will be redirected to <strong>${name(placeOf(redirectUri))}</strong>.</p>
<div class="buttons">${offered.length > 0 && button('Allow', undefined, { name: 'decision', value: 'allow' })}${button('Deny', 'quiet', { name: 'decision', value: 'deny' })}</div>
<p class="hint">You can revoke this at any time under Connected apps in your account.</p>`,
)}
</div>`,
  });
}

export type Decision =
  | { readonly kind: 'allow'; readonly scopes: readonly string[] }
  | { readonly kind: 'deny' }
  /** To be shown again, with what is wrong. */
  | { readonly kind: 'unclear'; readonly error: string };

/** Names of the form that may stand there several times, for `readForm`. */
export const consentLists = ['scope'] as const;

/** @returns what was decided: never more than what was offered */
export function readConsent(form: Form, { asked, owned }: Pick<Consent, 'asked' | 'owned'>): Decision {
  const decision = form.get('decision');
  if (decision === 'deny') return { kind: 'deny' };
  if (decision !== 'allow') return { kind: 'unclear', error: 'Choose Allow or Deny.' };
  const { offered } = offer(asked, owned);
  const scopes = offered.filter(scope => form.all('scope').includes(scope));
  if (scopes.length > 0) return { kind: 'allow', scopes };
  return { kind: 'unclear', error: 'Select at least one permission, or deny access.' };
}

/** What a person cannot do, they cannot allow. */
function offer(asked: readonly string[], owned: readonly string[]) {
  const within = (scope: string) => effectiveScopes([scope], owned).length > 0;
  return { offered: asked.filter(within), beyond: asked.filter(scope => !within(scope)) };
}

const asker = (client: AskingApp): Html => html`<div class="asker">
${appMark(client.name, client.logo ? logoAddress(client.id) : null)}
<div><h1>${name(client.name)} asks for access</h1>
<p class="faded">${maker(client)}</p></div>
</div>
${client.description && html`<p>${name(client.description)}</p>`}`;

function maker({ developer, homePage }: AskingApp): Part {
  const by = developer && html`by ${name(developer.name)}`;
  // The host alone: a path could be made to look like anything.
  const at =
    homePage &&
    html`<a href="${homePage}" rel="noreferrer noopener nofollow">${URL.parse(homePage)?.host}</a>`;
  return by && at ? html`${by}, ${at}` : by || at || 'Unknown developer';
}

const account = ({ user, otherAccount }: Consent): Html => html`<div class="account">
<p>Signed in as <strong>${name(user.name || user.email)}</strong>${user.name !== '' && html` <span class="faded">${user.email}</span>`}</p>
<p><a href="${otherAccount}">Use another account</a></p>
</div>`;

function scopeBoxes(
  { owned, ticked, past }: Consent,
  offered: readonly string[],
  describeScope: ScopeDescriptions,
): Part {
  if (offered.length === 0)
    return notice('This app requests only permissions that you do not have.', 'alarm');
  const have = new Set(owned);
  const choices = offered.map((scope): Choice => {
    const partly = !coversScope(have, scope) && effectiveScopes([scope], owned).map(describeScope).join('; ');
    const known = past.scopes.includes(scope) && 'You allowed this before.';
    const far = scope === 'admin' && 'This is everything that an administrator can do.';
    const hints = [far, partly && `You can allow only part of this: ${partly}.`, known].filter(Boolean);
    return {
      value: scope,
      label: html`${describeScope(scope)}`,
      hint: hints.length > 0 && hints.join(' '),
      checked: ticked ? ticked.includes(scope) : true,
    };
  });
  return checkboxes('scope', 'This app requests permission to', choices);
}

/** What it will not be able to do, as far as anyone might think otherwise. */
function limits(
  offered: readonly string[],
  beyond: readonly string[],
  { describeScope, knownScopes }: ConsentWords,
): Html {
  const held = new Set(offered);
  const restricted = held.has('admin')
    ? []
    : knownScopes.filter(scope => scope.includes('.') && scope.endsWith(':read') && !held.has(scope));
  return html`<div class="tight"><h2>It will not be able to</h2>
<ul class="plain">
${restricted.map(scope => html`<li>${describeScope(scope)}</li>`)}
${beyond.length > 0 && html`<li>Use permissions that it requests but you do not have: ${inList(beyond)}</li>`}
<li>See your password, or sign in as you</li>
</ul></div>`;
}

const inList = (scopes: readonly string[]): Part =>
  scopes.map((scope, i) => html`${i > 0 && ', '}<code>${scope}</code>`);

function trust({ past }: Consent): Part {
  if (past.isNew)
    return notice('No user has approved this app yet. Continue only if you expected this page.');
  if (past.scopes.length > 0) return undefined;
  return html`<p class="hint">Developers register their own apps. Continue only if you know this app.</p>`;
}

/** Browsers hold the redirect after the form to the page's `form-action`: it must name where the app wants to go. */
function formTargets(redirectUri: string): readonly string[] | 'any' {
  const url = URL.parse(redirectUri);
  // A policy can name neither a scheme of an app's own with certainty, nor an IPv6 address.
  return url && /^https?:$/.test(url.protocol) && !url.hostname.startsWith('[') ? [url.origin] : 'any';
}
