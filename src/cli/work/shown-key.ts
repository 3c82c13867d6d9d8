export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date;
  /** An e-mail address; undefined: who asks. */
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

interface WantedRotation {
  readonly overlapSeconds: number;
  /** null: never; undefined: after as long as the old one was made for. */
  readonly expiresAt?: Date | null;
}

export interface KeyDesk {
  create(wanted: WantedKey): Promise<NewShownKey>;
  /** @param owner an e-mail address: those of one person */
  list(owner?: string): Promise<readonly ShownKey[]>;
  rotate(id: string, rotation: WantedRotation): Promise<NewShownKey>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}
