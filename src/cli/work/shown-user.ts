/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string | null;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

interface WantedPerson {
  readonly email: string;
  readonly name?: string;
  readonly role?: string | null;
  readonly scopes?: readonly string[];
}

interface WantedChange {
  readonly role?: string | null;
  readonly scopes?: readonly string[];
  readonly disabled?: boolean;
}

export interface ShownDelivery {
  readonly sent: boolean;
  readonly link?: string;
  readonly expiresAt: string;
}

export interface PeopleDesk {
  list(search: string | undefined): Promise<readonly ShownPerson[]>;
  invite(wanted: WantedPerson): Promise<ShownDelivery>;
  change(email: string, change: WantedChange): Promise<ShownPerson>;
  resetPassword(email: string): Promise<ShownDelivery>;
  close(): Promise<void>;
}
