import type { keyOperations } from '../../auth/key-operations.ts';
import type { Shown } from './client.ts';

interface KeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
  /** An e-mail address; undefined: the caller. */
  readonly owner?: string;
}

export type ShownKey = Shown<typeof keyOperations.list>['keys'][number];
type NewShownKey = Shown<typeof keyOperations.create>;

interface RotationInput {
  readonly overlapSeconds: number;
  /** null: never; undefined: the same lifetime as the old key. */
  readonly expiresAt?: Date | null;
}

export interface KeyBackend {
  create(input: KeyInput): Promise<NewShownKey>;
  /** @param owner an e-mail address: only keys of this user */
  list(owner?: string): Promise<readonly ShownKey[]>;
  rotate(id: string, rotation: RotationInput): Promise<NewShownKey>;
  revoke(id: string): Promise<void>;
}
