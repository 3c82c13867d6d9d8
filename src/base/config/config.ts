// The configuration is the environment, read once. Nothing else reads `process.env`.

import { EnvironmentReader } from './environment-reader.ts';
import { type Pepper, pepperHelp } from './peppers.ts';
import type { TrustedIssuer } from './trusted-issuers.ts';
import { readUsersConfig, type UsersConfig } from './users-config.ts';
import { type Environment, variables } from './variables.ts';

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
  readonly adminEmail: string;
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
  /** What the requests of one credential may cost; 0 points for any cost. */
  readonly costLimit: { readonly points: number; readonly seconds: number };
  /** Milliseconds that the event loop may be late before requests are refused; 0 for any time. */
  readonly overloadDelayMs: number;
  /** Addresses and ranges that webhooks may reach although they are not public. */
  readonly outboundAllow: readonly string[];
  /** Days for which the change log keeps what was done; 0 for ever. */
  readonly changeRetentionDays: number;
  /** Days for which the audit log is kept; 0 for ever. */
  readonly auditRetentionDays: number;
  /** Days for which the usage of each credential is kept; 0 for ever. */
  readonly usageRetentionDays: number;
  readonly users: UsersConfig;
  /** External authorization servers whose access tokens are accepted. */
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Whether any user may register as a developer, or only administrators. */
  readonly developerRegistration: 'open' | 'closed';
  readonly limits: Limits;
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
 * Reads the variables that `variables.ts` declares. An empty variable counts as absent.
 * @param terminal whether the output is a terminal, which decides the default of LOG_FORMAT
 * @throws ConfigFault with all faults at once; secrets are never repeated in it
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  terminal = process.stdout.isTTY === true,
): Config {
  const read: Environment = new EnvironmentReader(variables, env);
  const config = toConfig(read, terminal);
  if (read.faults.length > 0) throw new ConfigFault(read.faults);
  return config;
}

function toConfig(read: Environment, terminal: boolean): Config {
  const { values } = read;
  read.require('SAFESTORE_PEPPERS', 'DATABASE_URL', pepperHelp);
  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: (values.PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    databaseUrl: values.DATABASE_URL,
    databasePoolMax: values.DATABASE_POOL_MAX,
    statementTimeoutMs: values.STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: values.LOCK_TIMEOUT_MS,
    dataDir: values.DATA_DIR,
    redisUrl: values.REDIS_URL,
    peppers: values.SAFESTORE_PEPPERS,
    adminEmail: values.ADMIN_EMAIL,
    adminPassword: values.ADMIN_PASSWORD,
    adminApiKey: values.ADMIN_API_KEY,
    demoData: values.DEMO_DATA,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (terminal ? 'pretty' : 'json'),
    apiKeyInQuery: values.API_KEY_IN_QUERY,
    trustedProxies: values.TRUSTED_PROXIES,
    requestLimit: { points: values.RATE_LIMIT, seconds: values.RATE_LIMIT_SECONDS },
    costLimit: { points: values.COST_LIMIT, seconds: values.RATE_LIMIT_SECONDS },
    overloadDelayMs: values.OVERLOAD_DELAY_MS,
    outboundAllow: values.OUTBOUND_ALLOW,
    changeRetentionDays: values.CHANGE_RETENTION_DAYS,
    auditRetentionDays: values.AUDIT_RETENTION_DAYS,
    usageRetentionDays: values.USAGE_RETENTION_DAYS,
    users: readUsersConfig(read),
    trustedIssuers: values.TRUSTED_ISSUERS,
    developerRegistration: values.DEVELOPER_REGISTRATION,
    limits: readLimits(read),
  };
}

function readLimits(read: Environment): Limits {
  const { values } = read;
  const { TAKE_MAX, TAKE_DEFAULT = Math.min(1_000, TAKE_MAX) } = values;
  if (TAKE_DEFAULT > TAKE_MAX)
    read.fault('TAKE_DEFAULT', `is ${TAKE_DEFAULT}; expected at most TAKE_MAX, ${TAKE_MAX}`);
  return {
    takeDefault: TAKE_DEFAULT,
    takeMax: TAKE_MAX,
    depthMax: values.DEPTH_MAX,
    nodesMax: values.NODES_MAX,
    rowsMax: values.ROWS_MAX,
    costMax: values.COST_MAX,
    listItemsMax: values.LIST_ITEMS_MAX,
    batchPartsMax: values.BATCH_PARTS_MAX,
    bodyBytesMax: values.BODY_BYTES_MAX,
    uploadBytesMax: values.UPLOAD_BYTES_MAX,
  };
}

/** The limits of an empty environment. */
export const limitDefaults: Limits = readLimits(new EnvironmentReader(variables, {}));
