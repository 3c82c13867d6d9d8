interface KeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
  /** An e-mail address; undefined: the caller. */
  readonly owner?: string;
}

/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownKey {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly lastFour: string;
  readonly scopes: readonly string[];
  readonly state: 'active' | 'expiring' | 'expired' | 'revoked';
  readonly warning: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedIp: string | null;
  readonly revokedAt: string | null;
}

export type NewShownKey = Pick<ShownKey, 'id' | 'name' | 'owner' | 'scopes' | 'expiresAt'> & {
  readonly key: string;
};

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
  close(): Promise<void>;
}
