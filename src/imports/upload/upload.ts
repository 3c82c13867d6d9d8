import { fault } from '../../base/errors.ts';
import type { SpoolFile } from './spool-file.ts';
import type { UploadPlace } from './upload-room.ts';

export interface Upload {
  readonly options: ReadonlyMap<string, string>;
  /** As the client names it. */
  readonly fileName?: string;
  /** The receiver must close it. */
  readonly file: SpoolFile;
}

export interface UploadRules {
  readonly bytesMax: number;
  /** Counts every byte that is written. */
  readonly place: UploadPlace;
  /** Called with the options that are known before the file is read; what it throws ends the upload. */
  readonly check: (options: ReadonlyMap<string, string>) => void;
}

export const tooLarge = (bytesMax: number) =>
  fault('TOO_LARGE', `The file is longer than ${bytesMax} bytes.`, {
    hint: 'Send it in parts.',
    target: 'file',
  });
