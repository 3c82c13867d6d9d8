// What the authorization server stores between requests: codes, refresh tokens, interactions. Only the SHA-256 of their
// values is stored, so that nobody can redeem them by reading the database.

import { hash } from 'node:crypto';
import type { Database } from '../base/database/database.ts';
import {
  clearArtifacts,
  consumeArtifact,
  type FoundArtifact,
  findArtifact,
  removeArtifact,
  saveArtifact,
} from '../platform/tables/oauth-artifacts.ts';

interface Artifact {
  readonly kind: string;
  /** The value handed out to the client. */
  readonly value: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId?: string;
  readonly familyId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface Artifacts {
  save(artifact: Artifact): Promise<void>;
  /** @returns undefined also when its family was revoked */
  find(kind: string, value: string): Promise<FoundArtifact | undefined>;
  /** Of several concurrent calls, on any instance, one succeeds. @returns whether this one did */
  consume(kind: string, value: string): Promise<boolean>;
  remove(kind: string, value: string): Promise<void>;
  /** Deletes expired artifacts. */
  clear(): Promise<void>;
}

export const createArtifacts = (database: Database): Artifacts => ({
  save: ({ value, ...artifact }) => saveArtifact(database, { ...artifact, id: idOf(value) }),
  find: (kind, value) => findArtifact(database, kind, idOf(value)),
  consume: (kind, value) => consumeArtifact(database, kind, idOf(value)),
  remove: (kind, value) => removeArtifact(database, kind, idOf(value)),
  clear: () => clearArtifacts(database),
});

const idOf = (value: string): string => hash('sha256', value, 'base64url');
