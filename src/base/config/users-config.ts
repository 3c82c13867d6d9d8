import type { Environment } from './variables.ts';

/** Configuration of users: sign-in and e-mail. */
export interface UsersConfig {
  /** Days without a request after which a session ends. */
  readonly sessionIdleDays: number;
  /** Days after which a session ends in any case. */
  readonly sessionMaxDays: number;
  /** Whether anyone may register. */
  readonly registration: 'closed' | 'open';
  /** The role of accounts that people make themselves. */
  readonly registrationRole: 'viewer' | 'editor';
  /** undefined: no e-mail is sent; administrators see the links instead. */
  readonly mail?: MailConfig;
  /** An OpenID provider at which people may sign in. */
  readonly provider?: ProviderConfig;
}

export interface MailConfig {
  /** With user and password where the server wants them. */
  readonly smtpUrl: string;
  /** An address, or `Name <address>`. */
  readonly from: string;
}

export interface ProviderConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says: "Continue with …". */
  readonly name: string;
  /** The role of accounts created at the first sign-in; undefined: only existing users may sign in. */
  readonly newAccounts?: 'viewer' | 'editor';
}

/** Adds what the variables must fulfil together to the faults of `read`. */
export function readUsersConfig(read: Environment): UsersConfig {
  const { SESSION_MAX_DAYS, REGISTRATION, REGISTRATION_ROLE } = read.values;
  const { SESSION_IDLE_DAYS = Math.min(14, SESSION_MAX_DAYS) } = read.values;
  if (SESSION_IDLE_DAYS > SESSION_MAX_DAYS)
    read.fault(
      'SESSION_IDLE_DAYS',
      `is ${SESSION_IDLE_DAYS}; expected at most SESSION_MAX_DAYS, ${SESSION_MAX_DAYS}`,
    );
  return {
    sessionIdleDays: SESSION_IDLE_DAYS,
    sessionMaxDays: SESSION_MAX_DAYS,
    registration: REGISTRATION,
    registrationRole: REGISTRATION_ROLE,
    mail: readMail(read),
    provider: readProvider(read),
  };
}

function readMail(read: Environment): MailConfig | undefined {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from } = read.values;
  read.require('MAIL_FROM', 'SMTP_URL');
  return smtpUrl && from ? { smtpUrl, from } : undefined;
}

function readProvider(read: Environment): ProviderConfig | undefined {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: name,
    OIDC_NEW_ACCOUNTS: newAccounts,
  } = read.values;
  read.require('OIDC_CLIENT_ID', 'OIDC_ISSUER');
  read.require('OIDC_CLIENT_SECRET', 'OIDC_ISSUER');
  if (issuer === undefined) return undefined;
  if (issuer.startsWith('http:') && !isLoopback(issuer))
    read.fault('OIDC_ISSUER', 'must begin with https://, except on this machine');
  return {
    issuer,
    clientId: clientId ?? '',
    clientSecret: clientSecret ?? '',
    name: name ?? URL.parse(issuer)?.hostname ?? 'your organisation',
    newAccounts,
  };
}

const isLoopback = (url: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(url)?.hostname ?? '');
