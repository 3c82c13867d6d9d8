import { type Html, html } from '../../pages/html.ts';

/** @returns an app's logo, or the first letter of its name; next to the name, so screen readers pass over it */
export const appMark = (name: string, logoPath: string | null): Html =>
  logoPath
    ? html`<img class="mark" src="${logoPath}" alt="" width="48" height="48">`
    : html`<span class="mark" aria-hidden="true">${firstLetter(name)}</span>`;

const firstLetter = (name: string): string =>
  [...new Intl.Segmenter().segment(name)]
    .map(({ segment }) => segment)
    .find(text => /[\p{L}\p{N}]/u.test(text))
    ?.toUpperCase() ?? '·';
