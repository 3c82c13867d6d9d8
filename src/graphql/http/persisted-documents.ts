// Persisted documents: a client sends only the hash of a document that the server already knows.
// https://www.apollographql.com/docs/apollo-server/performance/apq#the-protocol

import { createHash } from 'node:crypto';
import { fault } from '../../base/errors.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';

const documentsMax = 2_000;
const charactersMax = 4_000_000;
const hashShape = /^[0-9a-f]{64}$/;

type Extensions = Readonly<Record<string, unknown>> | null | undefined;

/** The documents known to this instance. A client sends a document again if this instance does not know it. */
export class PersistedDocuments {
  readonly #texts = new BoundedCache<string>(documentsMax, charactersMax);

  /**
   * @param query the document, if the client sent it
   * @returns the document, or undefined if the client sent neither a document nor a hash
   * @throws PERSISTED_QUERY_NOT_FOUND for an unknown hash; MALFORMED_REQUEST for an invalid or wrong hash
   */
  complete(query: string | undefined, extensions: Extensions): string | undefined {
    const hash = hashOf(extensions);
    if (hash === undefined) return query;
    if (query === undefined) return this.#find(hash);
    if (createHash('sha256').update(query).digest('hex') !== hash) {
      throw malformed('"sha256Hash" does not match the document.');
    }
    this.#texts.set(hash, query, query.length);
    return query;
  }

  #find(hash: string): string {
    const text = this.#texts.get(hash);
    if (text !== undefined) return text;
    throw fault('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', {
      hint: 'Send the document together with its hash once.',
    });
  }
}

function hashOf(extensions: Extensions): string | undefined {
  const named = extensions?.persistedQuery;
  if (typeof named !== 'object' || named === null) return undefined;
  const { sha256Hash } = named as { sha256Hash?: unknown };
  if (typeof sha256Hash === 'string' && hashShape.test(sha256Hash)) return sha256Hash;
  throw malformed('"extensions.persistedQuery.sha256Hash" must be a SHA-256 hash of 64 hexadecimal digits.');
}

const malformed = (message: string) => fault('MALFORMED_REQUEST', message, { target: 'extensions' });
