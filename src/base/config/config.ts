// The configuration is the environment, read once. Nothing else reads `process.env`.

import { isAddressRange } from './client-address.ts';
import { EnvironmentReader } from './environment-reader.ts';
import { readTrustedIssuers, type TrustedIssuer } from './trusted-issuers.ts';
import { readUsersConfig, type UsersConfig } from './users-config.ts';

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
  /** Milliseconds for which a statement waits for what another transaction has locked; 0 for any time. */
  readonly lockTimeoutMs: number;
  readonly dataDir: string;
  readonly redisUrl?: string;
  /** Newest first. Undefined on the embedded database until one has been generated and stored in `dataDir`. */
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
  /** Addresses and ranges of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Requests of one credential; 0 points for any number. */
  readonly requestLimit: { readonly points: number; readonly seconds: number };
  /** Days for which the change log keeps what was done; 0 for ever. */
  readonly changeRetentionDays: number;
  /** Days for which the audit log is kept; 0 for ever. */
  readonly auditRetentionDays: number;
  readonly users: UsersConfig;
  /** External authorization servers whose access tokens are accepted. */
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Whether any user may register as a developer, or only administrators. */
  readonly developerRegistration: 'open' | 'closed';
  readonly limits: Limits;
}

export interface Pepper {
  readonly version: number;
  /** 32 bytes. */
  readonly secret: Buffer;
}

export interface Limits {
  /** Rows of a list by default. */
  readonly takeDefault: number;
  /** Maximum rows of a list. */
  readonly takeMax: number;
  /** Levels of nesting of one query. */
  readonly depthMax: number;
  /** Selected fields, conditions and sort keys of one query. */
  readonly nodesMax: number;
  /** Estimated rows of a whole answer: parents x children. */
  readonly rowsMax: number;
  /** Estimated cost of a whole answer: rows x values in each. */
  readonly costMax: number;
  /** Items of an `in` list. */
  readonly listItemsMax: number;
  /** Requests of an OData batch. */
  readonly batchPartsMax: number;
  /** Bytes of a request's body, except uploads. */
  readonly bodyBytesMax: number;
  /** Bytes of an uploaded file. */
  readonly uploadBytesMax: number;
}

/** What holds where the environment says nothing. */
export const limitDefaults: Limits = {
  takeDefault: 1_000,
  takeMax: 10_000,
  depthMax: 12,
  nodesMax: 5_000,
  rowsMax: 1_000_000,
  costMax: 10_000_000,
  listItemsMax: 5_000,
  batchPartsMax: 100,
  bodyBytesMax: 1_048_576,
  uploadBytesMax: 1_073_741_824,
};

/** The environment does not make a configuration: the message names every variable at fault, one a line. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(['The configuration has faults:', ...faults].join('\n  '));
    this.name = 'ConfigFault';
    this.faults = faults;
  }
}

/**
 * Reads the variables that DESIGN.md, section 4, lists, and one for each limit. An empty variable counts as absent.
 * @param terminal whether the output is read by a person, which decides the default of LOG_FORMAT
 * @throws ConfigFault with all faults at once; secrets are never repeated in it
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  terminal = process.stdout.isTTY === true,
): Config {
  const read = new EnvironmentReader(env);
  const port = read.number('PORT', 3000, 0, 65_535);
  const databaseUrl = read.url('DATABASE_URL', ['postgresql:', 'postgres:'], { secret: true });
  const config: Config = {
    port,
    host: read.text('HOST') ?? 'localhost',
    publicUrl: publicUrl(read, port),
    databaseUrl,
    databasePoolMax: read.number('DATABASE_POOL_MAX', 10, 1, 1_000),
    statementTimeoutMs: read.number('STATEMENT_TIMEOUT_MS', 30_000, 0, 86_400_000),
    lockTimeoutMs: read.number('LOCK_TIMEOUT_MS', 5_000, 0, 86_400_000),
    dataDir: read.text('DATA_DIR') ?? './data',
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:'], { secret: true }),
    peppers: peppers(read, databaseUrl !== undefined),
    adminEmail: read.matching('ADMIN_EMAIL', /^[^\s@]+@[^\s@]+$/, 'an e-mail address'),
    adminPassword: read.text('ADMIN_PASSWORD'),
    adminApiKey: read.text('ADMIN_API_KEY'),
    demoData: read.flag('DEMO_DATA'),
    logLevel:
      read.choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) ?? 'info',
    logFormat: read.choice('LOG_FORMAT', ['pretty', 'json']) ?? (terminal ? 'pretty' : 'json'),
    apiKeyInQuery: read.flag('API_KEY_IN_QUERY') ?? false,
    trustedProxies: trustedProxies(read),
    requestLimit: {
      points: read.number('RATE_LIMIT', 10_000, 0, 1_000_000_000),
      seconds: read.number('RATE_LIMIT_SECONDS', 60, 1, 86_400),
    },
    changeRetentionDays: read.number('CHANGE_RETENTION_DAYS', 90, 0, 36_500),
    auditRetentionDays: read.number('AUDIT_RETENTION_DAYS', 400, 0, 36_500),
    users: readUsersConfig(read),
    trustedIssuers: readTrustedIssuers(read),
    developerRegistration: read.choice('DEVELOPER_REGISTRATION', ['open', 'closed']) ?? 'open',
    limits: limits(read),
  };
  if (read.faults.length > 0) throw new ConfigFault(read.faults);
  return config;
}

function trustedProxies(read: EnvironmentReader): string[] {
  const proxies = read.text('TRUSTED_PROXIES')?.split(/[\s,]+/) ?? [];
  for (const proxy of proxies.filter(text => !isAddressRange(text))) {
    read.fault('TRUSTED_PROXIES', `has "${proxy}"; expected addresses and ranges such as 10.0.0.0/8`);
  }
  return proxies;
}

function publicUrl(read: EnvironmentReader, port: number): string {
  const url = read.url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`;
  return url.replace(/\/+$/, '');
}

const pepperHelp =
  'expected "1:" and 32 bytes in base64, as `openssl rand -base64 32` makes them; several go newest first: "2:…,1:…"';

function peppers(read: EnvironmentReader, required: boolean): readonly Pepper[] | undefined {
  const text = read.text('SAFESTORE_PEPPERS');
  if (text === undefined) {
    if (required)
      read.fault('SAFESTORE_PEPPERS', `is missing, and required with DATABASE_URL; ${pepperHelp}`);
    return undefined;
  }
  const list = text.split(',').map(toPepper);
  const descending = list.every(
    (pepper, i) => i === 0 || (pepper?.version ?? 0) < (list[i - 1]?.version ?? 0),
  );
  const good = list.filter(pepper => pepper !== undefined);
  if (good.length < list.length || !descending)
    read.fault('SAFESTORE_PEPPERS', `is malformed; ${pepperHelp}`);
  return good;
}

/** Versions take one byte in what SafeStore writes. */
function toPepper(text: string): Pepper | undefined {
  const [, version, base64] = /^\s*(\d{1,3}):([A-Za-z0-9+/]{43}=?)\s*$/.exec(text) ?? [];
  if (version === undefined || base64 === undefined) return undefined;
  const pepper = { version: Number(version), secret: Buffer.from(base64, 'base64') };
  return pepper.version >= 1 && pepper.version <= 255 ? pepper : undefined;
}

function limits(read: EnvironmentReader): Limits {
  const count = (name: string, standard: number) => read.number(name, standard, 1, Number.MAX_SAFE_INTEGER);
  const takeMax = count('TAKE_MAX', limitDefaults.takeMax);
  const takeDefault = count('TAKE_DEFAULT', Math.min(limitDefaults.takeDefault, takeMax));
  if (takeDefault > takeMax)
    read.fault('TAKE_DEFAULT', `is ${takeDefault}; expected at most TAKE_MAX, ${takeMax}`);
  return {
    takeDefault,
    takeMax,
    depthMax: count('DEPTH_MAX', limitDefaults.depthMax),
    nodesMax: count('NODES_MAX', limitDefaults.nodesMax),
    rowsMax: count('ROWS_MAX', limitDefaults.rowsMax),
    costMax: count('COST_MAX', limitDefaults.costMax),
    listItemsMax: count('LIST_ITEMS_MAX', limitDefaults.listItemsMax),
    batchPartsMax: count('BATCH_PARTS_MAX', limitDefaults.batchPartsMax),
    bodyBytesMax: count('BODY_BYTES_MAX', limitDefaults.bodyBytesMax),
    uploadBytesMax: count('UPLOAD_BYTES_MAX', limitDefaults.uploadBytesMax),
  };
}
