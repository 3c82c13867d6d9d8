// How many uploads, and how many bytes of them, may be on disk at a time, per credential and in total.

import { type Fault, fault } from '../../base/errors.ts';

interface Bounds {
  readonly uploads: number;
  readonly bytes: number;
}

export interface RoomBounds {
  readonly each: Bounds;
  readonly all: Bounds;
}

/** The place of one upload, from before its first byte until its file is gone. */
export interface UploadPlace {
  /** Takes so many more bytes. @throws TOO_MANY_REQUESTS or UNAVAILABLE where they do not fit */
  grow(bytes: number): void;
  /** Gives everything back. To be called on every way out. */
  leave(): void;
}

interface Taken {
  uploads: number;
  bytes: number;
}

const retryAfterSeconds = 5;

export class UploadRoom {
  readonly #bounds: RoomBounds;
  readonly #all: Taken = { uploads: 0, bytes: 0 };
  readonly #each = new Map<string, Taken>();

  constructor(bounds: RoomBounds) {
    this.#bounds = bounds;
  }

  /**
   * @param credential whose uploads count together
   * @param declaredBytes what the request says that it will send: those are taken at once, so that an upload that was let in
   *   is not refused in its middle
   * @throws TOO_MANY_REQUESTS when the credential has its share already, UNAVAILABLE when all of them together have
   */
  enter(credential: string, declaredBytes: number): UploadPlace {
    const own = this.#each.get(credential) ?? { uploads: 0, bytes: 0 };
    const { each, all } = this.#bounds;
    if (own.uploads >= each.uploads)
      throw tooMany(`This credential already has ${each.uploads} uploads in progress.`);
    if (this.#all.uploads >= all.uploads) throw full(`There are already ${all.uploads} uploads in progress.`);
    this.#take(own, declaredBytes);
    own.uploads++;
    this.#all.uploads++;
    this.#each.set(credential, own);
    return this.#place(credential, own, declaredBytes);
  }

  #place(credential: string, own: Taken, declaredBytes: number): UploadPlace {
    let taken = declaredBytes;
    let used = 0;
    let left = false;
    return {
      grow: bytes => {
        used += bytes;
        const more = Math.max(0, used - taken);
        this.#take(own, more);
        taken += more;
      },
      leave: () => {
        if (left) return;
        left = true;
        this.#give(own, taken);
        if (own.uploads === 0) this.#each.delete(credential);
      },
    };
  }

  #take(own: Taken, bytes: number): void {
    const { each, all } = this.#bounds;
    if (own.bytes + bytes > each.bytes) {
      throw tooMany(`The uploads of this credential that are under way have more than ${each.bytes} bytes.`);
    }
    if (this.#all.bytes + bytes > all.bytes) {
      throw full(`The uploads that are under way have more than ${all.bytes} bytes.`);
    }
    own.bytes += bytes;
    this.#all.bytes += bytes;
  }

  #give(own: Taken, bytes: number): void {
    own.uploads--;
    own.bytes -= bytes;
    this.#all.uploads--;
    this.#all.bytes -= bytes;
  }
}

const more = {
  hint: `Wait until one has been imported, and try again: in ${retryAfterSeconds} s at the earliest.`,
  headers: { 'retry-after': String(retryAfterSeconds) },
};
const tooMany = (message: string): Fault => fault('TOO_MANY_REQUESTS', message, more);
const full = (message: string): Fault => fault('UNAVAILABLE', message, more);
