import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from './config/config.ts';

export type { Logger } from 'pino';

/** Headers that carry credentials, wherever a log line holds headers. */
const secretHeaders = ['authorization', 'cookie', 'set-cookie', 'x-api-key', 'proxy-authorization'];

const secretPaths = [
  ...secretHeaders.flatMap(name => [`headers["${name}"]`, `*.headers["${name}"]`]),
  ...['password', 'secret', 'token', 'apiKey', 'databaseUrl'].flatMap(name => [name, `*.${name}`]),
];

/**
 * The log: JSON lines, or lines for people, on standard output.
 * Credentials in headers and in addresses (`url`, `query`) are redacted in every line.
 * @param destination where lines go instead, for tests
 */
export function createLog(
  config: Pick<Config, 'logLevel' | 'logFormat'>,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      level: config.logLevel,
      base: undefined,
      redact: { paths: secretPaths, censor: '[redacted]' },
      serializers: { url: withoutKey, query: withoutKey, error: pino.stdSerializers.err },
    },
    config.logFormat === 'json' ? destination : forPeople(destination),
  );
}

/** In the same process and written at once, so that the last words before a crash are not lost. */
function forPeople(destination: DestinationStream): DestinationStream {
  const format = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return { write: line => destination.write(format(line)) };
}

/** Parameters that hold credentials, or would if they were put into a URL by mistake. */
const secretParameters: ReadonlySet<string> = new Set([
  'api_key',
  'access_token',
  'refresh_token',
  'token',
  'client_secret',
  'code',
  'code_verifier',
]);

/** What has the form of an API key, an app's secret or a signed token, wherever it stands. */
const secretForms = /(pk(?:_|%5f)[0-9a-z]{12}|pas)(?:_|%5f)[\w-]{20,}|eyJ[\w-]{8,}\.eyJ[\w-]+(?:\.[\w-]*)?/gi;

/** @returns a text with whatever looks like a credential of ours struck out; of a key its id stays */
export const withoutSecrets = (text: string): string =>
  text.replace(secretForms, (_, known = '') => `${known}[redacted]`);

/** @returns an address with the values of such parameters struck out, however their names are encoded */
export function withoutKey(address: unknown): unknown {
  if (typeof address !== 'string') return address;
  return withoutSecrets(address).replace(/([^?&#;=]+)=[^&#;]*/g, (pair, name) =>
    secretParameters.has(decoded(name).toLowerCase()) ? `${name}=[redacted]` : pair,
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
