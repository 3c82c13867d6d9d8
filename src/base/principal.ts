/** Through which app a credential was issued, and what it ends with. */
export interface Origin {
  readonly appId: string;
  /** The grant of a user; undefined where the app acts for itself, and where it is not known. */
  readonly grantId?: string;
  /** What was issued together; where the app acts for itself, the secret that was presented. */
  readonly familyId?: string;
}

/** The caller and its permissions: the result of authenticating any credential. Frozen, created once per credential. */
export interface Principal {
  readonly kind: 'key' | 'token' | 'session' | 'anonymous';
  /** The credential's own id, no secret (of an API key its 12 characters, of a token its `jti`), for the logs. */
  readonly id: string;
  /** For whom it acts; of an app that acts for itself, the app's owner. */
  readonly userId: string;
  /** The OAuth app that holds the token. */
  readonly appId?: string;
  /** Of an app's token, and of an API key that was made with one. */
  readonly origin?: Origin;
  readonly name: string;
  /** Effective scopes: granted, cut to what the owner may do. */
  readonly scopes: ReadonlySet<string>;
  /** The scopes in one string: equal strings mean equal permissions, so it serves as a cache key. */
  readonly scopeKey: string;
  /** When the credential ends, in milliseconds since 1970; undefined: never. */
  readonly expiresAt?: number;
}

/** A caller without a credential, on routes that need none. It has no permissions. */
export const anonymous: Principal = Object.freeze({
  kind: 'anonymous',
  id: '',
  userId: '',
  name: 'anonymous',
  scopes: new Set<string>(),
  scopeKey: '',
});

type Access = 'read' | 'write';

/** Whether scopes cover an entity set: `read` covers every set, `products:read` one. */
export const coversSet = (scopes: ReadonlySet<string>, set: string, access: Access): boolean =>
  scopes.has(access) || scopes.has(`${set}:${access}`);

/** Whether scopes cover a restricted group (`products.cost`): only `products.cost:read` does, never `read`. */
export const coversGroup = (scopes: ReadonlySet<string>, group: string, access: Access): boolean =>
  scopes.has(`${group}:${access}`);
