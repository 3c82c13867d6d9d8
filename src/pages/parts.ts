// What pages are put together from.

import { type Html, html, type Part } from './html.ts';

export interface Field {
  readonly name: string;
  readonly label: Part;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'date' | 'number';
  readonly value?: string;
  readonly hint?: Part;
  /** What is wrong with what was sent. */
  readonly error?: string;
  /** https://html.spec.whatwg.org/#autofill */
  readonly autocomplete?: string;
  readonly required?: boolean;
  /** Whether the page begins here. */
  readonly focus?: boolean;
  readonly lengthMax?: number;
}

/** @returns one line to be filled in, with its label, hint and error, which screen readers read together */
export function field(wanted: Field): Html {
  const { name, label, type = 'text', value, hint, error, autocomplete, required = true } = wanted;
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  const attributes = [
    required && html` required`,
    wanted.focus && html` autofocus`,
    autocomplete && html` autocomplete="${autocomplete}"`,
    wanted.lengthMax && html` maxlength="${wanted.lengthMax}"`,
    described && html` aria-describedby="${described}"`,
    error && html` aria-invalid="true"`,
    (type === 'email' || type === 'url') && html` autocapitalize="none" spellcheck="false"`,
  ];
  return html`<div class="field"><label for="${name}">${label}</label>${about(name, hint, error)}<input id="${name}" name="${name}" type="${type}" value="${value ?? ''}"${attributes}></div>`;
}

/** @returns several lines of text to be filled in */
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
 * @param from counts on where several lists of one page have the same name
 * @returns boxes to tick, each sent as `name=value`: read them with `form.all(name)`
 */
export const checkboxes = (name: string, legend: Part, choices: readonly Choice[], from = 0): Html =>
  html`<fieldset><legend>${legend}</legend>${choices.map((choice, i) => checkbox(`${name}-${from + i}`, name, choice))}</fieldset>`;

const checkbox = (id: string, name: string, { value, label, hint, checked }: Choice): Html =>
  html`<div class="check"><input type="checkbox" id="${id}" name="${name}" value="${value}"${checked && html` checked`}${hint && html` aria-describedby="${id}-hint"`}><label for="${id}">${label}</label>${hint && html`<div class="hint" id="${id}-hint">${hint}</div>`}</div>`;

/** @param id where several of a page have the same name @returns a list of which one is chosen */
export const select = (
  name: string,
  label: string,
  choices: readonly Choice[],
  hint?: Part,
  id = name,
): Html =>
  html`<div class="field"><label for="${id}">${label}</label>${about(id, hint, undefined)}<select id="${id}" name="${name}"${hint && html` aria-describedby="${id}-hint"`}>${choices.map(
    ({ value, label: text, checked }) =>
      html`<option value="${value}"${checked && html` selected`}>${text}</option>`,
  )}</select></div>`;

export type Look = 'quiet' | 'danger' | 'small' | 'quiet small' | 'danger small';

/** @param sent what a press of it adds to the form, where there are several buttons */
export const button = (text: Part, look?: Look, sent?: { name: string; value: string }): Html =>
  html`<button class="button ${look}"${sent && html` name="${sent.name}" value="${sent.value}"`}>${text}</button>`;

/** @param href a path of ours */
export const buttonLink = (href: string, text: Part, look?: Look): Html =>
  html`<a class="button ${look}" href="${href}">${text}</a>`;

/** @param kind `good` for what was done, `alarm` for what went wrong */
export const notice = (text: Part, kind?: 'good' | 'alarm'): Html =>
  html`<div class="notice ${kind}" role="${kind === 'alarm' ? 'alert' : 'status'}">${text}</div>`;

/**
 * Stands above a form that was refused, and leads to what is wrong.
 * @param errors by the name of the field; the empty name is for what concerns no single one
 */
export function errorSummary(errors: Readonly<Record<string, string | undefined>>): Part {
  const found = Object.entries(errors).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (found.length === 0) return undefined;
  const items = found.map(([name, error]) => (name ? html`<a href="#${name}">${error}</a>` : error));
  const [only, ...others] = items;
  if (others.length === 0) return notice(only, 'alarm');
  return notice(html`<ul>${items.map(item => html`<li>${item}</li>`)}</ul>`, 'alarm');
}

/** @returns a form that is sent by POST to an address of ours @param guarded the guard's hidden field */
export const form = (action: string, guarded: Html, content: Part, look?: 'inline'): Html =>
  html`<form method="post" action="${action}" class="${look}">${guarded}${content}</form>`;

/** A name that somebody chose: kept from turning around the text beside it. */
export const name = (text: string): Html => html`<bdi>${text}</bdi>`;

/** @returns a point in time, in UTC */
export const time = (at: Date): Html =>
  html`<time datetime="${at.toISOString()}">${`${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`}</time>`;

/** @returns a link to a page of somebody else; plain text where the address is not one of the web */
export function foreignLink(address: string): Html {
  const web = /^https?:$/.test(URL.parse(address)?.protocol ?? '');
  return web
    ? html`<a href="${address}" rel="noreferrer noopener nofollow">${address}</a>`
    : html`${address}`;
}
