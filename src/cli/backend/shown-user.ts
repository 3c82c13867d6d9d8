/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string | null;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

interface UserInput {
  readonly email: string;
  readonly name?: string;
  readonly role?: string | null;
  readonly scopes?: readonly string[];
}

interface UserChange {
  readonly role?: string | null;
  readonly scopes?: readonly string[];
  readonly disabled?: boolean;
}

export interface ShownDelivery {
  readonly sent: boolean;
  readonly link?: string;
  readonly expiresAt: string;
}

export interface UserBackend {
  list(search: string | undefined): Promise<readonly ShownUser[]>;
  invite(input: UserInput): Promise<ShownDelivery>;
  change(email: string, change: UserChange): Promise<ShownUser>;
  resetPassword(email: string): Promise<ShownDelivery>;
  close(): Promise<void>;
}
