// Reads a form with a file: multipart/form-data (RFC 7578), small enough for memory, each name once.

import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { Fault, fault } from '../base/errors.ts';
import type { Incoming } from '../http/message/message.ts';

export interface Upload {
  readonly fields: ReadonlyMap<string, string>;
  /** Empty if none was chosen. */
  readonly file: Buffer;
}

const fieldsMax = 20;
const fieldBytesMax = 4_096;

/** @throws TOO_LARGE for the file, MALFORMED_REQUEST for anything except a few short fields and one file */
export async function readUpload(request: Incoming, fileBytesMax: number): Promise<Upload> {
  const fields = new Map<string, string>();
  const chunks: Buffer[] = [];
  const end = new AbortController();
  const busboy = open(request, fileBytesMax);
  busboy.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut || fields.has(name) || value.includes('\0')) end.abort(malformed());
    fields.set(name, value);
  });
  busboy.on('file', (_, stream) => {
    stream.on('error', () => {});
    stream.once('limit', () => end.abort(tooLarge(fileBytesMax)));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    busboy.on(event, () => end.abort(malformed()));
  try {
    await pipeline(request.stream(), busboy, { signal: end.signal });
  } catch (error) {
    if (!end.signal.aborted) throw isOurError(error, request) ? error : malformed();
  }
  if (end.signal.aborted) throw end.signal.reason;
  return { fields, file: Buffer.concat(chunks) };
}

function open(request: Incoming, fileBytesMax: number) {
  try {
    return new Busboy({
      headers: { 'content-type': request.header('content-type') ?? '' },
      limits: {
        // One more than allowed: busboy emits "limit" at the last byte that still fits.
        fileSize: fileBytesMax + 1,
        files: 1,
        fields: fieldsMax,
        parts: fieldsMax + 1,
        fieldSize: fieldBytesMax,
        headerPairs: 50,
        headerSize: 16_384,
      },
    });
  } catch {
    throw malformed();
  }
}

/** Errors of busboy are the sender's fault; errors of the connection are not. */
const isOurError = (error: unknown, request: Incoming): boolean =>
  error instanceof Fault || request.signal.aborted;

const malformed = () => fault('MALFORMED_REQUEST', 'The form is malformed.');

const tooLarge = (bytesMax: number) =>
  fault('TOO_LARGE', `The file is larger than ${Math.floor(bytesMax / 1024)} KB.`, { target: 'file' });
