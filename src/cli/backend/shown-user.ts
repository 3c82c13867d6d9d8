import type { userOperations } from '../../users/api-operations.ts';
import type { Shown } from './client.ts';

export type ShownUser = Shown<typeof userOperations.get>;
export type ShownDelivery = Shown<typeof userOperations.resetPassword>;

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

export interface UserBackend {
  list(search: string | undefined): Promise<readonly ShownUser[]>;
  invite(input: UserInput): Promise<ShownDelivery>;
  change(email: string, change: UserChange): Promise<ShownUser>;
  resetPassword(email: string): Promise<ShownDelivery>;
}
