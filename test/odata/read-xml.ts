// A strict reader for the XML that $metadata is: elements and attributes, and names as text where an annotation lists them.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

const declaration = /^<\?xml version="1\.0" encoding="utf-8"\?>\s*/;
const tag = /<(\/?)([A-Za-z][\w:.]*)((?:\s+[\w:.]+="[^"<]*")*)\s*(\/?)>\s*(?:[\w/]+(?=<\/))?/y;
const entity = /&(?:amp|lt|gt|quot|#\d+);/g;

/** @returns the root element @throws Error where the text is not well-formed */
export function readXml(text: string): Element {
  const start = declaration.exec(text)?.[0].length;
  if (start === undefined) throw new Error('no declaration');
  const document: Element = { name: '', attributes: {}, children: [] };
  const open = [document];
  tag.lastIndex = start;
  for (let at = start; at < text.length; at = tag.lastIndex) {
    const found = tag.exec(text);
    if (!found) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    const [, closing, name, attributes, empty] = found;
    if (closing) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const element = { name: name!, attributes: readAttributes(attributes!), children: [] };
    open.at(-1)!.children.push(element);
    if (!empty) open.push(element);
  }
  if (open.length !== 1 || document.children.length !== 1) throw new Error('not one whole element');
  return document.children[0]!;
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([\w:.]+)="([^"]*)"/g)) {
    if (name! in attributes) throw new Error(`${name} is given twice`);
    if (value!.replaceAll(entity, '').includes('&')) throw new Error(`bare ampersand in ${name}`);
    attributes[name!] = value!;
  }
  return attributes;
}

/** @returns the element and all below it with this name */
export function elements(root: Element, name: string): Element[] {
  const below = root.children.flatMap(child => elements(child, name));
  return root.name === name ? [root, ...below] : below;
}
