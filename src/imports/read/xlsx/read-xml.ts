import sax, { type SAXOptions, type Tag } from 'sax';
import { fault } from '../../../base/errors.ts';

/** What happens in a document. Names are without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: ReadonlyMap<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** The parser holds the attributes of an element, and the elements that are open. No workbook has nearly as many. */
const attributesMax = 100;
const depthMax = 100;

/** Entities are those of XML alone. */
const options = { strictEntities: true } as SAXOptions;

/**
 * Reads a part of a workbook. Long texts come in pieces, and a document type declares nothing: memory is bounded by the handler.
 * @param done called after each chunk
 * @throws MALFORMED_REQUEST for what is not XML, what the handler throws
 */
export async function* readXml<T>(
  chunks: AsyncIterable<Buffer>,
  handler: XmlHandler,
  done: () => T,
): AsyncGenerator<T> {
  const decoder = new TextDecoder('utf-8');
  const parser = sax.parser(true, options);
  let failure: Error | undefined;
  parser.onerror = error => {
    failure ??= error;
  };
  let depth = 0;
  let attributes = 0;
  parser.onattribute = () => {
    if (++attributes > attributesMax) throw notXml(new Error('an element has too many attributes'));
  };
  parser.onopentag = tag => {
    if (++depth > depthMax) throw notXml(new Error('its elements are nested too deeply'));
    attributes = 0;
    handler.open?.(localName(tag.name), attributesOf(tag as Tag));
  };
  parser.onclosetag = name => {
    depth--;
    handler.close?.(localName(name));
  };
  parser.ontext = text => handler.text?.(text);
  parser.oncdata = text => handler.text?.(text);
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }));
    if (failure) throw notXml(failure);
    yield done();
  }
  parser.close();
  if (failure) throw notXml(failure);
  yield done();
}

/** Reads a part to its end. */
export async function readWholeXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(chunks, handler, () => undefined));
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const attributesOf = ({ attributes }: Tag): ReadonlyMap<string, string> =>
  new Map(Object.entries(attributes).map(([name, value]) => [localName(name), value]));

const notXml = (cause: Error) =>
  fault('MALFORMED_REQUEST', 'The workbook is damaged: a part of it is not XML.', { target: 'file', cause });
