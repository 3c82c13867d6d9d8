// HTML as text that cannot be broken out of: whatever is put into the template is escaped, unless it is such text itself.

/** Markup that is ready to be sent. Only `html` makes it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** Nothing at all for undefined, null and false, so that `${error && html`…`}` reads well. */
export type Part = Html | string | number | false | null | undefined | readonly Part[];

/** Values may stand between tags and in quoted attributes; never in names, in `<style>`, or without quotes. */
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
