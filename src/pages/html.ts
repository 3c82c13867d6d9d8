// An HTML template tag that escapes every inserted value, except values that are `Html` themselves.

/** Safe markup. Only `html` creates it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** undefined, null and false render as nothing, so that `${error && html`…`}` works. */
export type Part = Html | string | number | false | null | undefined | readonly Part[];

/** Insert values between tags and in quoted attributes only; never in names, in `<style>`, or without quotes. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(String.raw({ raw: strings }, ...parts.map(toMarkup)));

function toMarkup(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (part === undefined || part === null || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(toMarkup).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => entities[character]!);
