import type { appOperations } from '../../apps/app-operations.ts';
import type { Shown } from './client.ts';

interface AppInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
  /** An e-mail address; undefined: the caller. */
  readonly owner?: string;
}

export type ShownApp = Shown<typeof appOperations.get>;

export interface AppBackend {
  create(input: AppInput): Promise<Shown<typeof appOperations.create>>;
  list(search: string | undefined): Promise<readonly ShownApp[]>;
  addSecret(id: string, othersExpireAt: Date | undefined): Promise<Shown<typeof appOperations.createSecret>>;
  setDisabled(id: string, disabled: boolean): Promise<ShownApp>;
}
