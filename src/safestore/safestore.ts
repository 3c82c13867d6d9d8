// Split knowledge: a sealed value can be opened only with both the server's pepper and the owner's key in the database.

import { hkdfSync, randomBytes } from 'node:crypto';
import { decrypt, encrypt, ivBytes, keyBytes } from './cipher.ts';
import { packEnvelope, toHeader, unpackEnvelope } from './envelope.ts';
import { findPepper, newestPepper, type Peppers } from './peppers.ts';
import { SealFault } from './seal-fault.ts';
import type { UserKey, UserKeys } from './user-keys.ts';

/** The owner of a sealed value and the column it is stored in. It cannot be opened for another row or user. */
export interface Place {
  /** Id of the user. */
  readonly owner: string;
  readonly table: string;
  readonly column: string;
  /** Primary key of the row. */
  readonly row: string;
}

export interface Safestore {
  /** @returns the envelope, sealed with the newest pepper and the owner's newest key */
  seal(place: Place, secret: Buffer | string): Promise<Buffer>;
  /** @returns the secret @throws SealFault when it was sealed for another place, was altered, or a key is missing */
  open(place: Place, sealed: Buffer): Promise<Buffer>;
  /** @returns whether there is a newer pepper or owner key than it was sealed with @throws SealFault */
  needsRewrap(place: Place, sealed: Buffer): Promise<boolean>;
  /** Seals the same secret again. An old pepper can be removed once no value needs a rewrap. @throws SealFault */
  rewrap(place: Place, sealed: Buffer): Promise<Buffer>;
}

/** @param peppers at least one */
export function createSafestore({ peppers, userKeys }: { peppers: Peppers; userKeys: UserKeys }): Safestore {
  const newest = newestPepper(peppers);

  async function seal(place: Place, secret: Buffer | string): Promise<Buffer> {
    const userKey = await userKeys.newest(place.owner);
    const header = toHeader({ pepper: newest.version, userKey: userKey.version });
    const key = deriveKey(newest.secret, userKey, place.owner);
    const iv = randomBytes(ivBytes);
    const encrypted = encrypt(key, iv, boundTo(place, header), Buffer.from(secret));
    return packEnvelope({ header, iv, ...encrypted });
  }

  async function open(place: Place, sealed: Buffer): Promise<Buffer> {
    const envelope = unpackEnvelope(sealed);
    const pepper = findPepper(peppers, envelope.pepper);
    if (!pepper) throw new SealFault(`There is no pepper of version ${envelope.pepper}.`);
    const userKey = await userKeys.find(place.owner, envelope.userKey);
    if (!userKey) throw new SealFault(`The owner has no key of version ${envelope.userKey}.`);
    const key = deriveKey(pepper.secret, userKey, place.owner);
    return decrypt(key, envelope.iv, boundTo(place, envelope.header), envelope);
  }

  async function needsRewrap(place: Place, sealed: Buffer): Promise<boolean> {
    const envelope = unpackEnvelope(sealed);
    const userKey = await userKeys.newest(place.owner);
    return envelope.pepper !== newest.version || envelope.userKey !== userKey.version;
  }

  const rewrap = async (place: Place, sealed: Buffer): Promise<Buffer> =>
    seal(place, await open(place, sealed));

  return { seal, open, needsRewrap, rewrap };
}

/** HKDF (RFC 5869) over both halves; the label separates this use of a pepper from every other. */
function deriveKey(pepper: Buffer, { key }: UserKey, owner: string): Buffer {
  const halves = Buffer.concat([pepper, key]);
  return Buffer.from(hkdfSync('sha512', halves, 'safestore/v1', `A256CBC-HS512|${owner}`, keyBytes));
}

const boundTo = ({ owner, table, column, row }: Place, header: Buffer): Buffer =>
  Buffer.concat([header, Buffer.from(`${owner}\0${table}:${column}:${row}`)]);
