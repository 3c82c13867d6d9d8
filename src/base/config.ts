// The configuration is the environment, read once. Nothing else reads `process.env`.

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Issuer, base of absolute links, without a trailing slash. */
  readonly publicUrl: string;
  /** A PostgreSQL URL; undefined means the embedded database in `dataDir`. */
  readonly databaseUrl?: string;
  /** Connections of the PostgreSQL pool. */
  readonly databasePoolMax: number;
  /** Milliseconds after which PostgreSQL ends a statement; 0 for never. */
  readonly statementTimeoutMs: number;
  readonly dataDir: string;
  readonly redisUrl?: string;
  /** Newest first. Undefined on the embedded database until one has been made up and kept in `dataDir`. */
  readonly peppers?: readonly Pepper[];
  readonly adminEmail?: string;
  readonly adminPassword?: string;
  readonly adminApiKey?: string;
  /** undefined: load it on the first start of an embedded database. */
  readonly demoData?: boolean;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly logFormat: 'pretty' | 'json';
  /** Whether `?api_key=` is taken as a credential. */
  readonly apiKeyInQuery: boolean;
  readonly limits: Limits;
}

export interface Pepper {
  readonly version: number;
  /** 32 bytes. */
  readonly secret: Buffer;
}

export interface Limits {
  /** Rows of a list that asks for no number. */
  readonly takeDefault: number;
  /** Rows of a list at the most. */
  readonly takeMax: number;
  /** Levels of nesting of one query. */
  readonly depthMax: number;
  /** Selected fields, conditions and sort keys of one query. */
  readonly nodesMax: number;
  /** Estimated rows of a whole answer: parents x children. */
  readonly rowsMax: number;
  /** Items of an `in` list. */
  readonly listItemsMax: number;
  /** Bytes of a request's body, except uploads. */
  readonly bodyBytesMax: number;
  /** Bytes of an uploaded file. */
  readonly uploadBytesMax: number;
}
