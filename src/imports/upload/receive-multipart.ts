// multipart/form-data (RFC 7578) as a stream, with its parts in any order.

import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { Fault, fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';
import { fileContent } from './file-content.ts';
import { checkOptionName } from './import-options.ts';
import { SpoolFile } from './spool-file.ts';
import { tooLarge, type Upload, type UploadRules } from './upload.ts';

const optionBytesMax = 4_096;
const partsMax = 20;
const fileNameMax = 200;

/** @param options those of the URL; the form's go before them */
export async function receiveMultipart(
  request: Incoming,
  options: Map<string, string>,
  rules: UploadRules,
): Promise<Upload> {
  const file = await SpoolFile.open();
  const form = new Form(file, options, rules);
  try {
    await form.receive(request);
    return { options, file, fileName: form.fileName };
  } catch (error) {
    await file.close();
    throw error;
  }
}

class Form {
  readonly #file: SpoolFile;
  readonly #options: Map<string, string>;
  readonly #rules: UploadRules;
  readonly #seen = new Set<string>();
  /** Aborted with the fault that ends the upload. */
  readonly #end = new AbortController();
  fileName: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(file: SpoolFile, options: Map<string, string>, rules: UploadRules) {
    this.#file = file;
    this.#options = options;
    this.#rules = rules;
  }

  async receive(request: Incoming): Promise<void> {
    const busboy = createBusboy(request, this.#rules.bytesMax);
    busboy.on('field', (name, value, nameCut, valueCut) =>
      this.#guard(() => this.#take(name, value, nameCut || valueCut)),
    );
    busboy.on('file', (name, stream, fileName) => {
      this.fileName = fileName?.slice(0, fileNameMax) || undefined;
      this.#guard(() => this.#spool(name, stream));
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      busboy.on(event, () =>
        this.#end.abort(malformed('The form has too many parts: one file and a few options are expected.')),
      );
    }
    try {
      await pipeline(request.stream(), busboy, { signal: this.#end.signal });
      await this.#writing;
    } catch (error) {
      this.#end.abort(toFault(error, request));
      // The file must not be closed while it is written to.
      await this.#writing?.catch(() => {});
    }
    if (this.#end.signal.aborted) throw this.#end.signal.reason;
    if (!this.#writing)
      throw malformed(
        'The form has no part "file".',
        'Such as: curl -F entity=products -F file=@products.csv',
      );
  }

  /** Busboy calls from within its parser, where nothing may be thrown. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#end.abort(error);
    }
  }

  #take(name: string, value: string, cut: boolean): void {
    checkOptionName(name);
    if (cut) throw malformed(`The value of "${name}" is too long.`);
    if (this.#seen.has(name)) throw malformed(`The part "${name}" appears twice.`);
    this.#seen.add(name);
    this.#options.set(name, value);
  }

  #spool(name: string, stream: BusboyFileStream): void {
    stream.once('limit', () => this.#end.abort(tooLarge(this.#rules.bytesMax)));
    // Its errors come through the writing; this one may come when that has ended.
    stream.on('error', () => {});
    if (name !== 'file')
      throw malformed(`A file must be in the part "file", not in "${String(name).slice(0, 80)}".`);
    this.#rules.check(this.#options);
    const content = (chunks: AsyncIterable<Uint8Array>) => fileContent(chunks, this.#rules);
    this.#writing = this.#file.write(stream, content, this.#end.signal);
    this.#writing.catch(error => this.#end.abort(error));
  }
}

function createBusboy(request: Incoming, bytesMax: number) {
  try {
    return new Busboy({
      headers: { 'content-type': request.header('content-type')! },
      // Some clients give the file no name.
      isPartAFile: (name, _, fileName) => name === 'file' || fileName !== undefined,
      limits: {
        fileSize: bytesMax,
        files: 1,
        fields: partsMax,
        parts: partsMax + 1,
        fieldSize: optionBytesMax,
        headerPairs: 50,
        headerSize: 16_384,
      },
    });
  } catch {
    throw malformed(
      'The Content-Type has no boundary.',
      'Let the client make this header, together with the body.',
    );
  }
}

const malformed = (message: string, hint?: string): Fault => fault('MALFORMED_REQUEST', message, { hint });

/** What busboy finds is the client's fault; what the disk or the connection says is not. */
function toFault(error: unknown, request: Incoming): unknown {
  const foreign =
    error instanceof Fault || request.signal.aborted || (error instanceof Error && 'syscall' in error);
  return foreign ? error : malformed('The form was cut off before its last boundary.');
}
