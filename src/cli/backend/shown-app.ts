interface AppInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly confidential: boolean;
  readonly clientCredentials: boolean;
  /** An e-mail address; undefined: the caller. */
  readonly owner?: string;
}

/** Times as in JSON: 2027-01-01T00:00:00.000Z. */
export interface ShownApp {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly owner: { readonly email: string };
  readonly scopes: readonly string[];
  readonly confidential: boolean;
  readonly disabledAt: string | null;
  readonly createdAt: string;
}

export type NewShownApp = ShownApp & { readonly clientSecret?: string };

export interface ShownSecret {
  readonly secret: string;
}

export interface AppBackend {
  create(input: AppInput): Promise<NewShownApp>;
  list(search: string | undefined): Promise<readonly ShownApp[]>;
  addSecret(id: string, othersExpireAt: Date | undefined): Promise<ShownSecret>;
  setDisabled(id: string, disabled: boolean): Promise<ShownApp>;
  close(): Promise<void>;
}
