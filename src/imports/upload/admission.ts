// Whether a caller may upload a file at all, and how much of the room it takes.

import { fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { senderKey } from '../../http/limits/request-limits.ts';
import type { Incoming } from '../../http/message/message.ts';
import { type RoomBounds, type UploadPlace, UploadRoom } from './upload-room.ts';

/** Uploads are on the disk while they arrive, and while they are queued. Documented in README.md. */
const roomBounds = (uploadBytesMax: number): RoomBounds => ({
  each: { uploads: 8, bytes: 2 * uploadBytesMax },
  all: { uploads: 32, bytes: 4 * uploadBytesMax },
});

export class Admission {
  readonly #bytesMax: number;
  readonly #room: UploadRoom;

  constructor(uploadBytesMax: number) {
    this.#bytesMax = uploadBytesMax;
    this.#room = new UploadRoom(roomBounds(uploadBytesMax));
  }

  /**
   * @param work runs while the upload has its place
   * @throws SCOPE_MISSING, TOO_MANY_REQUESTS, UNAVAILABLE before anything of the body is read
   */
  async admit<T>(
    request: Incoming,
    principal: Principal,
    work: (place: UploadPlace) => Promise<T>,
  ): Promise<T> {
    checkMayWrite(principal);
    const place = this.#room.enter(senderKey(principal), declaredBytes(request, this.#bytesMax));
    try {
      return await work(place);
    } finally {
      place.leave();
    }
  }
}

/** @returns how much of the room is taken at once; what is longer than a file may be is refused before it is written */
function declaredBytes(request: Incoming, bytesMax: number): number {
  const length = Number(request.header('content-length') ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? Math.min(length, bytesMax) : 0;
}

/** Rejects a caller without any write scope before the file is read. */
function checkMayWrite({ scopes }: Principal): void {
  if ([...scopes].some(scope => scope === 'write' || scope.endsWith(':write'))) return;
  throw fault(
    'SCOPE_MISSING',
    'Importing needs the scope "write", or that of one set, such as "products:write".',
    { target: 'write' },
  );
}
