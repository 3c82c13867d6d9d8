import type { EnvironmentReader } from './environment-reader.ts';

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

const lowRoles = ['viewer', 'editor'] as const;

export function readUsersConfig(read: EnvironmentReader): UsersConfig {
  const sessionMaxDays = read.number('SESSION_MAX_DAYS', 90, 1, 3_650);
  const sessionIdleDays = read.number('SESSION_IDLE_DAYS', Math.min(14, sessionMaxDays), 1, 3_650);
  if (sessionIdleDays > sessionMaxDays)
    read.fault(
      'SESSION_IDLE_DAYS',
      `is ${sessionIdleDays}; expected at most SESSION_MAX_DAYS, ${sessionMaxDays}`,
    );
  return {
    sessionIdleDays,
    sessionMaxDays,
    registration: read.choice('REGISTRATION', ['closed', 'open']) ?? 'closed',
    registrationRole: read.choice('REGISTRATION_ROLE', lowRoles) ?? 'viewer',
    mail: readMail(read),
    provider: readProvider(read),
  };
}

function readMail(read: EnvironmentReader): MailConfig | undefined {
  const smtpUrl = read.url('SMTP_URL', ['smtp:', 'smtps:'], { secret: true });
  const from = read.matching(
    'MAIL_FROM',
    /^([^\r\n<>]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/,
    'an e-mail address',
  );
  if (smtpUrl && !from) read.fault('MAIL_FROM', 'is missing, and required with SMTP_URL');
  return smtpUrl && from ? { smtpUrl, from } : undefined;
}

function readProvider(read: EnvironmentReader): ProviderConfig | undefined {
  const issuer = read.url('OIDC_ISSUER', ['https:', 'http:']);
  const clientId = read.text('OIDC_CLIENT_ID');
  const clientSecret = read.text('OIDC_CLIENT_SECRET');
  const newAccounts = read.choice('OIDC_NEW_ACCOUNTS', lowRoles);
  const name = read.text('OIDC_NAME');
  if (issuer === undefined) return undefined;
  if (!clientId) read.fault('OIDC_CLIENT_ID', 'is missing, and required with OIDC_ISSUER');
  if (!clientSecret) read.fault('OIDC_CLIENT_SECRET', 'is missing, and required with OIDC_ISSUER');
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
