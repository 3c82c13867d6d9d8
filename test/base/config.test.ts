import { expect, test } from 'vitest';
import { ConfigFault, limitDefaults, readConfig } from '../../src/base/config/config.ts';

const pepper = `1:${Buffer.alloc(32, 1).toString('base64')}`;

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env, false);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

test('an empty environment is enough', () => {
  expect(readConfig({}, false)).toEqual({
    port: 3000,
    host: 'localhost',
    publicUrl: 'http://localhost:3000',
    databasePoolMax: 10,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5_000,
    dataDir: './data',
    logLevel: 'info',
    logFormat: 'json',
    apiKeyInQuery: false,
    trustedProxies: [],
    requestLimit: { points: 10_000, seconds: 60 },
    costLimit: { points: 500_000, seconds: 60 },
    overloadDelayMs: 1_000,
    outboundAllow: [],
    usageRetentionDays: 400,
    changeRetentionDays: 90,
    auditRetentionDays: 400,
    users: { sessionIdleDays: 14, sessionMaxDays: 90, registration: 'closed', registrationRole: 'viewer' },
    trustedIssuers: [],
    developerRegistration: 'open',
    limits: limitDefaults,
  });
});

test('every variable is read', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://data.example.com/portolan/',
    DATABASE_URL: 'postgresql://portolan:pw@db:5432/shop',
    DATABASE_POOL_MAX: '20',
    STATEMENT_TIMEOUT_MS: '0',
    LOCK_TIMEOUT_MS: '700',
    DATA_DIR: '/var/lib/portolan',
    REDIS_URL: 'redis://cache:6379',
    SAFESTORE_PEPPERS: `2:${Buffer.alloc(32, 2).toString('base64')}, ${pepper}`,
    ADMIN_EMAIL: 'ada@example.com',
    ADMIN_PASSWORD: 'a long one',
    ADMIN_API_KEY: 'pk_x',
    DEMO_DATA: 'No',
    LOG_LEVEL: 'Debug',
    LOG_FORMAT: 'pretty',
    API_KEY_IN_QUERY: '1',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    RATE_LIMIT: '5',
    RATE_LIMIT_SECONDS: '6',
    COST_LIMIT: '7',
    OVERLOAD_DELAY_MS: '8',
    OUTBOUND_ALLOW: '10.1.0.0/16',
    USAGE_RETENTION_DAYS: '9',
    CHANGE_RETENTION_DAYS: '0',
    AUDIT_RETENTION_DAYS: '30',
    DEVELOPER_REGISTRATION: 'closed',
    SESSION_IDLE_DAYS: '2',
    SESSION_MAX_DAYS: '3',
    REGISTRATION: 'open',
    REGISTRATION_ROLE: 'editor',
    SMTP_URL: 'smtps://portolan:pw@mail:465',
    MAIL_FROM: 'Portolan <portolan@example.com>',
    OIDC_ISSUER: 'https://login.example.com',
    OIDC_CLIENT_ID: 'portolan',
    OIDC_CLIENT_SECRET: 'hush',
    OIDC_NAME: 'Example Corp',
    OIDC_NEW_ACCOUNTS: 'viewer',
    TAKE_DEFAULT: '50',
    TAKE_MAX: '60',
    DEPTH_MAX: '3',
    NODES_MAX: '4',
    ROWS_MAX: '5',
    COST_MAX: '9',
    LIST_ITEMS_MAX: '6',
    BATCH_PARTS_MAX: '10',
    BODY_BYTES_MAX: '7',
    UPLOAD_BYTES_MAX: '8',
  });
  expect(config).toEqual({
    port: 8080,
    host: '0.0.0.0',
    publicUrl: 'https://data.example.com/portolan',
    databaseUrl: 'postgresql://portolan:pw@db:5432/shop',
    databasePoolMax: 20,
    statementTimeoutMs: 0,
    lockTimeoutMs: 700,
    dataDir: '/var/lib/portolan',
    redisUrl: 'redis://cache:6379',
    peppers: [
      { version: 2, secret: Buffer.alloc(32, 2) },
      { version: 1, secret: Buffer.alloc(32, 1) },
    ],
    adminEmail: 'ada@example.com',
    adminPassword: 'a long one',
    adminApiKey: 'pk_x',
    demoData: false,
    logLevel: 'debug',
    logFormat: 'pretty',
    apiKeyInQuery: true,
    trustedProxies: ['10.0.0.0/8', '::1'],
    requestLimit: { points: 5, seconds: 6 },
    costLimit: { points: 7, seconds: 6 },
    overloadDelayMs: 8,
    outboundAllow: ['10.1.0.0/16'],
    usageRetentionDays: 9,
    changeRetentionDays: 0,
    auditRetentionDays: 30,
    users: {
      sessionIdleDays: 2,
      sessionMaxDays: 3,
      registration: 'open',
      registrationRole: 'editor',
      mail: { smtpUrl: 'smtps://portolan:pw@mail:465', from: 'Portolan <portolan@example.com>' },
      provider: {
        issuer: 'https://login.example.com',
        clientId: 'portolan',
        clientSecret: 'hush',
        name: 'Example Corp',
        newAccounts: 'viewer',
      },
    },
    trustedIssuers: [],
    developerRegistration: 'closed',
    limits: {
      takeDefault: 50,
      takeMax: 60,
      depthMax: 3,
      nodesMax: 4,
      rowsMax: 5,
      costMax: 9,
      listItemsMax: 6,
      batchPartsMax: 10,
      bodyBytesMax: 7,
      uploadBytesMax: 8,
    },
  });
});

test('names the faults of what concerns people, and repeats no secret', () => {
  const env = {
    SESSION_MAX_DAYS: '5',
    SESSION_IDLE_DAYS: '6',
    REGISTRATION: 'maybe',
    REGISTRATION_ROLE: 'administrator',
    SMTP_URL: 'http://portolan:hunter2@mail',
    OIDC_ISSUER: 'http://login.example.com',
    OIDC_NEW_ACCOUNTS: 'administrator',
  };
  expect(faultsOf(env)).toEqual([
    'SESSION_IDLE_DAYS is 6; expected at most SESSION_MAX_DAYS, 5',
    'REGISTRATION is "maybe"; expected one of closed, open',
    'REGISTRATION_ROLE is "administrator"; expected one of viewer, editor',
    'SMTP_URL is not a URL that begins with smtp:// or smtps://',
    'MAIL_FROM is missing, and required with SMTP_URL',
    'OIDC_ISSUER must begin with https://, except on this machine',
    'OIDC_CLIENT_ID is missing, and required with OIDC_ISSUER',
    'OIDC_CLIENT_SECRET is missing, and required with OIDC_ISSUER',
    'OIDC_NEW_ACCOUNTS is "administrator"; expected one of viewer, editor',
  ]);
  expect(faultsOf({ SMTP_URL: 'smtp://mail', MAIL_FROM: 'x@example.com\nBcc: y@example.com' })).toHaveLength(
    1,
  );
});

test('names every fault at once, and what is expected', () => {
  const env = {
    PORT: '70000',
    PUBLIC_URL: 'localhost:3000',
    DATABASE_URL: 'mysql://root:hunter2@db/shop',
    DATABASE_POOL_MAX: 'many',
    ADMIN_EMAIL: 'ada',
    DEMO_DATA: 'perhaps',
    LOG_LEVEL: 'loud',
    TAKE_MAX: '-1',
  };
  expect(faultsOf(env)).toEqual([
    'PORT is "70000"; expected a whole number from 0 to 65535',
    'PUBLIC_URL is "localhost:3000"; expected a URL that begins with http:// or https://',
    'LOG_LEVEL is "loud"; expected one of fatal, error, warn, info, debug, trace, silent',
    'DATABASE_URL is not a URL that begins with postgresql:// or postgres://',
    'DATABASE_POOL_MAX is "many"; expected a whole number from 1 to 1000',
    'DEMO_DATA is "perhaps"; expected true or false',
    expect.stringMatching(
      /^SAFESTORE_PEPPERS is missing, and required with DATABASE_URL; .*openssl rand -base64 32/,
    ),
    'ADMIN_EMAIL is "ada"; expected an e-mail address',
    'TAKE_MAX is "-1"; expected a whole number of at least 1',
  ]);
  expect(() => readConfig(env)).toThrow(/PORT.*TAKE_MAX/s);
});

test('names a required variable once, whether the one that requires it is valid or not', () => {
  expect(faultsOf({ SMTP_URL: 'http://mail' })).toEqual([
    'SMTP_URL is not a URL that begins with smtp:// or smtps://',
    'MAIL_FROM is missing, and required with SMTP_URL',
  ]);
  expect(faultsOf({ SMTP_URL: 'smtp://mail', MAIL_FROM: 'nobody' })).toEqual([
    'MAIL_FROM is "nobody"; expected an e-mail address',
  ]);
  expect(faultsOf({ DATABASE_URL: 'postgresql://db/shop', SAFESTORE_PEPPERS: '1:x' })).toHaveLength(1);
});

test('names each trusted proxy that is no address', () => {
  expect(faultsOf({ TRUSTED_PROXIES: '10.0.0.0/8, proxy, 10.0.0.0/64' })).toEqual([
    'TRUSTED_PROXIES has "proxy"; expected addresses and ranges such as 10.0.0.0/8',
    'TRUSTED_PROXIES has "10.0.0.0/64"; expected addresses and ranges such as 10.0.0.0/8',
  ]);
});

test('never repeats a secret', () => {
  const text = faultsOf({
    DATABASE_URL: 'mysql://root:hunter2@db/shop',
    REDIS_URL: 'http://:hunter2@cache',
    SAFESTORE_PEPPERS: '1:hunter2',
  }).join();
  expect(text).toContain('SAFESTORE_PEPPERS');
  expect(text).not.toContain('hunter2');
});

test.each([
  ['without a version', Buffer.alloc(32).toString('base64')],
  ['of 16 bytes', `1:${Buffer.alloc(16).toString('base64')}`],
  ['with version 0', `0:${Buffer.alloc(32).toString('base64')}`],
  ['with version 256', `256:${Buffer.alloc(32).toString('base64')}`],
  ['with the same version twice', `${pepper},${pepper}`],
  ['with the oldest first', `${pepper},2:${Buffer.alloc(32).toString('base64')}`],
  ['with a comma too many', `${pepper},`],
])('refuses peppers %s', (_, SAFESTORE_PEPPERS) => {
  expect(faultsOf({ SAFESTORE_PEPPERS })).toEqual([
    expect.stringContaining('SAFESTORE_PEPPERS is malformed'),
  ]);
});

test('takes an empty variable for an absent one', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', LOG_LEVEL: '' })).toMatchObject({
    port: 3000,
    logLevel: 'info',
  });
});

test('refuses a default page that is larger than the largest', () => {
  expect(faultsOf({ TAKE_DEFAULT: '20', TAKE_MAX: '10' })).toEqual([
    'TAKE_DEFAULT is 20; expected at most TAKE_MAX, 10',
  ]);
  expect(readConfig({ TAKE_MAX: '10' }).limits).toMatchObject({ takeDefault: 10, takeMax: 10 });
});

test('writes for people on a terminal, and JSON elsewhere', () => {
  expect(readConfig({}, true).logFormat).toBe('pretty');
  expect(readConfig({}, false).logFormat).toBe('json');
});

test('names the faults of trusted issuers, one an entry', () => {
  const issuer = { issuer: 'https://login.example.com', audience: 'portolan', scopes: ['read'] };
  const faults = (...entries: unknown[]) => faultsOf({ TRUSTED_ISSUERS: JSON.stringify(entries) });
  expect(readConfig({ TRUSTED_ISSUERS: JSON.stringify([issuer]) }).trustedIssuers).toEqual([issuer]);
  expect(readConfig({}).trustedIssuers).toEqual([]);
  for (const [wrong, said] of [
    [{ ...issuer, issuer: 'http://login.example.com' }, /"issuer" is no https/],
    [{ ...issuer, issuer: undefined }, /"issuer" is no https/],
    [{ ...issuer, audience: '' }, /"audience" is missing/],
    [{ ...issuer, jwksUri: 'file:///etc/keys' }, /"jwksUri" is no https/],
    [{ ...issuer, scopes: [] }, /"scopes" is not a list/],
    [{ ...issuer, scopeClaim: 1 }, /"scopeClaim" is no name/],
    [{ ...issuer, actAs: 'nobody' }, /"actAs" is no e-mail address/],
    [{ ...issuer, isuer: 'x' }, /"isuer" is unknown/],
    ['x', /it is no object/],
  ] as const) {
    const [fault, ...more] = faults(issuer, wrong);
    expect(fault).toMatch(/^TRUSTED_ISSUERS has a fault in entry 2: /);
    expect(fault).toMatch(said);
    expect(more).toEqual([]);
  }
  expect(faults(issuer, issuer)).toEqual(['TRUSTED_ISSUERS names an issuer twice']);
  expect(faultsOf({ TRUSTED_ISSUERS: '{' })).toHaveLength(1);
});
