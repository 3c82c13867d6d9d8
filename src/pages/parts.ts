// Building blocks of pages.

import { type Html, html, type Part } from './html.ts';

export interface Field {
  readonly name: string;
  readonly label: Part;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'date' | 'number';
  readonly value?: string;
  readonly hint?: Part;
  /** The validation error of the submitted value. */
  readonly error?: string;
  /** https://html.spec.whatwg.org/#autofill */
  readonly autocomplete?: string;
  readonly required?: boolean;
  /** Whether this field has the focus when the page opens. */
  readonly focus?: boolean;
  readonly lengthMax?: number;
}

/** @returns a one-line input with its label, hint and error, which screen readers read together */
export function field(options: Field): Html {
  const { name, label, type = 'text', value, hint, error, autocomplete, required = true } = options;
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const attributes = [
    required && html` required`,
    options.focus && html` autofocus`,
    autocomplete && html` autocomplete="${autocomplete}"`,
    options.lengthMax && html` maxlength="${options.lengthMax}"`,
    described && html` aria-describedby="${described}"`,
    error && html` aria-invalid="true"`,
    (type === 'email' || type === 'url') && html` autocapitalize="none" spellcheck="false"`,
  ];
  return html`<div class="field"><label for="${name}">${label}</label>${about(name, hint, error)}<input id="${name}" name="${name}" type="${type}" value="${value ?? ''}"${attributes}></div>`;
}

/** @returns a text area with its label, hint and error */
export function textArea({ name, label, value, hint, error, required = true }: Field): Html {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const attributes = [
    required && html` required`,
    described && html` aria-describedby="${described}"`,
    error && html` aria-invalid="true"`,
  ];
  return html`<div class="field"><label for="${name}">${label}</label>${about(name, hint, error)}<textarea id="${name}" name="${name}"${attributes}>
${value ?? ''}</textarea></div>`;
}

const about = (name: string, hint: Part, error: string | undefined): Html =>
  html`${hint && html`<div class="hint" id="${name}-hint">${hint}</div>`}${error && html`<div class="wrong" id="${name}-error">${error}</div>`}`;

export interface Choice {
  readonly value: string;
  readonly label: Part;
  readonly hint?: Part;
  readonly checked?: boolean;
}

/**
 * @param from first index of the ids, if several lists on a page have the same name
 * @returns checkboxes, each sent as `name=value`: read them with `form.all(name)`
 */
export const checkboxes = (name: string, legend: Part, choices: readonly Choice[], from = 0): Html =>
  html`<fieldset><legend>${legend}</legend>${choices.map((choice, i) => checkbox(`${name}-${from + i}`, name, choice))}</fieldset>`;

const checkbox = (id: string, name: string, { value, label, hint, checked }: Choice): Html =>
  html`<div class="check"><input type="checkbox" id="${id}" name="${name}" value="${value}"${checked && html` checked`}${hint && html` aria-describedby="${id}-hint"`}><label for="${id}">${label}</label>${hint && html`<div class="hint" id="${id}-hint">${hint}</div>`}</div>`;

/** @param id needed if several on a page have the same name @returns a drop-down list */
export const select = (
  name: string,
  label: string,
  choices: readonly Choice[],
  { hint, id = name }: { readonly hint?: Part; readonly id?: string } = {},
): Html =>
  html`<div class="field"><label for="${id}">${label}</label>${about(id, hint, undefined)}<select id="${id}" name="${name}"${hint && html` aria-describedby="${id}-hint"`}>${choices.map(
    ({ value, label: text, checked }) =>
      html`<option value="${value}"${checked && html` selected`}>${text}</option>`,
  )}</select></div>`;

export type Look = 'quiet' | 'danger' | 'small' | 'quiet small' | 'danger small';

/** @param sent the field that this button adds to the form, if the form has several buttons */
export const button = (text: Part, look?: Look, sent?: { name: string; value: string }): Html =>
  html`<button class="button ${look}"${sent && html` name="${sent.name}" value="${sent.value}"`}>${text}</button>`;

/** @param href a path on this server */
export const buttonLink = (href: string, text: Part, look?: Look): Html =>
  html`<a class="button ${look}" href="${href}">${text}</a>`;

/** @param kind `good` for a success, `alarm` for an error */
export const notice = (text: Part, kind?: 'good' | 'alarm'): Html =>
  html`<div class="notice ${kind}" role="${kind === 'alarm' ? 'alert' : 'status'}">${text}</div>`;

/**
 * The errors of a rejected form, shown above it, with links to the fields.
 * @param errors by field name; the empty name is for errors that concern no single field
 */
export function errorSummary(errors: Readonly<Record<string, string | undefined>>): Part {
  const found = Object.entries(errors).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (found.length === 0) return undefined;
  const items = found.map(([name, error]) => (name ? html`<a href="#${name}">${error}</a>` : error));
  if (items.length === 1) return notice(items[0], 'alarm');
  return notice(html`<ul>${items.map(item => html`<li>${item}</li>`)}</ul>`, 'alarm');
}

/** @param guarded the hidden field of the form guard @returns a form that is sent by POST to this server */
export const form = (action: string, guarded: Html, content: Part, look?: 'inline'): Html =>
  html`<form method="post" action="${action}" class="${look}">${guarded}${content}</form>`;

/** A name chosen by a user, isolated so that it cannot reverse the text next to it. */
export const name = (text: string): Html => html`<bdi>${text}</bdi>`;

/** @returns a point in time, in UTC */
export const time = (at: Date): Html =>
  html`<time datetime="${at.toISOString()}">${`${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`}</time>`;

/** @returns a link to an external page; plain text if the address is not http or https */
export function foreignLink(address: string): Html {
  const web = /^https?:$/.test(URL.parse(address)?.protocol ?? '');
  return web
    ? html`<a href="${address}" rel="noreferrer noopener nofollow">${address}</a>`
    : html`${address}`;
}
