// XML text.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** @returns an element as lines of text with indented children; undefined attributes are left out */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('');
  if (children.length === 0) return `<${name}${written}/>`;
  const inner = children.join('\n').replace(/^/gm, '  ');
  return `<${name}${written}>\n${inner}\n</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

/** Drops characters that XML 1.0 cannot represent. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"\n\t\r]/g, character => entities[character]!);
