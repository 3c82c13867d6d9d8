// Every variable of the environment that configures the server. docs/reference/configuration.md is made from it.

import * as v from 'valibot';
import { isAddressRange } from './client-address.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { limits } from './limit-variables.ts';
import { peppers } from './peppers.ts';
import { trustedIssuers } from './trusted-issuers.ts';
import { choice, declare, flag, matching, text, url, type Variable, wholeNumber } from './variable.ts';

const days = (min: number, max = 36_500) => wholeNumber(min, max);
const lowRole = () => choice('viewer', 'editor');

const address = /^[^\s@]+@[^\s@]+$/;
const sender = /^([^\r\n<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/;

const addressRanges = v.pipe(
  v.string(),
  v.transform(list => list.split(/[\s,]+/)),
  v.array(
    v.pipe(
      v.string(),
      v.check(
        isAddressRange,
        issue => `has "${issue.input}"; expected addresses and ranges such as 10.0.0.0/8`,
      ),
    ),
  ),
  v.readonly(),
  v.description('addresses and ranges, separated by commas'),
);

const server = declare({
  PORT: {
    type: wholeNumber(0, 65_535),
    default: 3000,
    meaning: 'The port to listen on; 0 for any free port.',
  },
  HOST: { type: text(), default: 'localhost', meaning: 'The name or address to listen on.' },
  PUBLIC_URL: {
    type: url('http:', 'https:'),
    otherwise: '`http://localhost:$PORT`',
    meaning: 'The base of absolute links, and the issuer of access tokens.',
  },
  TRUSTED_PROXIES: {
    type: addressRanges,
    default: [],
    meaning: 'Proxies whose `X-Forwarded-For` is trusted, such as `10.0.0.0/8`.',
  },
  OUTBOUND_ALLOW: {
    type: addressRanges,
    default: [],
    meaning:
      'Addresses that webhooks may reach although they are not public, such as `10.0.0.0/8` or `127.0.0.1`.',
  },
  LOG_LEVEL: {
    type: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    meaning: 'The least severe level that is logged.',
  },
  LOG_FORMAT: {
    type: choice('pretty', 'json'),
    otherwise: 'pretty on a terminal, else json',
    meaning: 'The format of the log.',
  },
});

const database = declare({
  DATABASE_URL: {
    type: url('postgresql:', 'postgres:'),
    otherwise: 'the embedded database in `$DATA_DIR`',
    secret: true,
    meaning: 'A PostgreSQL database.',
  },
  DATABASE_POOL_MAX: { type: wholeNumber(1, 1_000), default: 10, meaning: 'Maximum database connections.' },
  STATEMENT_TIMEOUT_MS: {
    type: wholeNumber(0, 86_400_000),
    default: 30_000,
    meaning: 'Maximum duration of a statement; 0 for no limit.',
  },
  LOCK_TIMEOUT_MS: {
    type: wholeNumber(0, 86_400_000),
    default: 5_000,
    meaning:
      'Maximum time that a statement waits for a lock of another transaction, before the response is 503; 0 for no limit.',
  },
  DATA_DIR: {
    type: text(),
    default: './data',
    meaning: 'The folder of the embedded database and of generated secrets.',
  },
  REDIS_URL: {
    type: url('redis:', 'rediss:'),
    otherwise: 'none: in memory',
    secret: true,
    meaning:
      'Shares rate limits between instances. While Redis does not respond for a second, each instance counts on its own.',
  },
  DEMO_DATA: {
    type: flag(),
    otherwise: 'true on the first start of an embedded database',
    meaning: 'Whether the demo shop is loaded.',
  },
  CHANGE_RETENTION_DAYS: {
    type: days(0),
    default: 90,
    meaning: 'Days that the change log is kept; 0 for ever.',
  },
});

const secrets = declare({
  SAFESTORE_PEPPERS: {
    type: peppers,
    otherwise: 'generated in `$DATA_DIR`; required with `DATABASE_URL`',
    secret: true,
    meaning: 'The secrets that protect stored secrets together with the database.',
  },
  ADMIN_EMAIL: {
    type: matching(address, 'an e-mail address'),
    otherwise: '`admin@localhost`',
    meaning: 'The first administrator, who is created on the first start.',
  },
  ADMIN_PASSWORD: {
    type: text(),
    otherwise: 'generated, shown once',
    secret: true,
    meaning: "The first administrator's password.",
  },
  ADMIN_API_KEY: {
    type: text(),
    otherwise: 'generated, shown once',
    secret: true,
    meaning: "The first administrator's API key.",
  },
});

const signIn = declare({
  SESSION_IDLE_DAYS: {
    type: days(1, 3_650),
    otherwise: '14, or `SESSION_MAX_DAYS` if that is lower',
    meaning: 'Days without a request after which a session ends.',
  },
  SESSION_MAX_DAYS: {
    type: days(1, 3_650),
    default: 90,
    meaning: 'Days after which a session ends in any case.',
  },
  REGISTRATION: {
    type: choice('closed', 'open'),
    default: 'closed',
    meaning: '`open`: anyone can create an account. If e-mail is configured, the address is verified first.',
  },
  REGISTRATION_ROLE: {
    type: lowRole(),
    default: 'viewer',
    meaning: 'The role of accounts that users create themselves.',
  },
  SMTP_URL: {
    type: url('smtp:', 'smtps:'),
    otherwise: 'none: administrators see the links',
    secret: true,
    meaning: 'The mail server for e-mails with links: `smtps://user:password@host:465`.',
  },
  MAIL_FROM: {
    type: matching(sender, 'an e-mail address'),
    otherwise: 'required with `SMTP_URL`',
    meaning: 'The sender of e-mails: an address, or `Name <address>`.',
  },
  OIDC_ISSUER: {
    type: url('https:', 'http:'),
    meaning: 'An OpenID provider for sign-in. Its redirect URI is `$PUBLIC_URL/sign-in/provider/callback`.',
  },
  OIDC_CLIENT_ID: {
    type: text(),
    otherwise: 'required with `OIDC_ISSUER`',
    meaning: 'The client ID at the provider.',
  },
  OIDC_CLIENT_SECRET: {
    type: text(),
    otherwise: 'required with `OIDC_ISSUER`',
    secret: true,
    meaning: 'The client secret at the provider.',
  },
  OIDC_NAME: {
    type: text(),
    otherwise: 'the host of `OIDC_ISSUER`',
    meaning: 'The name of the provider on the button.',
  },
  OIDC_NEW_ACCOUNTS: {
    type: lowRole(),
    otherwise: 'none: only users whose verified address matches an account can sign in',
    meaning: 'The role of accounts that are created at the first sign-in with the provider.',
  },
});

const access = declare({
  API_KEY_IN_QUERY: {
    type: flag(),
    default: false,
    meaning: 'Also accept `?api_key=`, for tools that cannot send headers.',
  },
  TRUSTED_ISSUERS: {
    type: trustedIssuers,
    default: [],
    meaning: 'Other issuers whose access tokens are accepted.',
  },
  DEVELOPER_REGISTRATION: {
    type: choice('open', 'closed'),
    default: 'open',
    meaning: 'Who can register as a developer: `open` for every user, `closed` for administrators only.',
  },
  AUDIT_RETENTION_DAYS: {
    type: days(0),
    default: 400,
    meaning: 'Days that the audit log is kept; 0 for ever.',
  },
  USAGE_RETENTION_DAYS: {
    type: days(0),
    default: 400,
    meaning: 'Days that the usage of credentials is kept; 0 for ever.',
  },
});

/** By section of the reference page. */
export const variableGroups: Readonly<Record<string, Readonly<Record<string, Variable>>>> = {
  Server: server,
  Database: database,
  'Secrets and the first administrator': secrets,
  'Sign-in and e-mail': signIn,
  'Keys, tokens and apps': access,
  Limits: limits,
};

export const variables = { ...server, ...database, ...secrets, ...signIn, ...access, ...limits };

/** The environment, read. */
export type Environment = EnvironmentReader<typeof variables>;
