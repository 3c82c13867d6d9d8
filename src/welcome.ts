// The message that the server prints when it has started.

import type { FirstStart } from './auth/first-start.ts';
import type { Config } from './base/config/config.ts';
import type { Catalog, Entity } from './catalog/catalog.ts';

interface WelcomeOptions {
  readonly config: Config;
  /** The port that the server actually listens on. */
  readonly port: number;
  readonly catalog: Catalog;
  /** Only on the first start: its secrets are shown here and nowhere else. */
  readonly firstStart?: FirstStart;
}

/** @returns lines for standard output: the address, on the first start the administrator, a request to paste, the APIs */
export function welcome({ config, port, catalog, firstStart }: WelcomeOptions): string {
  const address = localAddress(config.host, port);
  const lines = [
    `Portolan listens on ${address}`,
    ...(config.publicUrl === address ? [] : [`Public URL: ${config.publicUrl}`]),
    '',
    ...(firstStart ? administrator(firstStart) : []),
    'Try it:',
    `  ${exampleRequest(address, catalog, firstStart)}`,
    '',
    `  GraphQL    ${address}/graphql`,
    `  OData      ${address}/odata`,
    `  Query API  POST ${address}/api/query`,
    `  Import     POST ${address}/api/import`,
    `  Account    ${address}/account`,
  ];
  return `\n${lines.join('\n')}\n\n`;
}

/** The URL at which this machine reaches the server. */
function localAddress(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function administrator({ email, password, apiKey }: FirstStart): string[] {
  return [
    'This is the first start. The administrator:',
    `  e-mail     ${email}`,
    `  password   ${password ?? 'the one in ADMIN_PASSWORD'}`,
    `  API key    ${apiKey ?? 'the one in ADMIN_API_KEY'}`,
    ...(password || apiKey ? ['Copy them now. They will not be shown again.'] : []),
    '',
  ];
}

function exampleRequest(address: string, catalog: Catalog, firstStart: FirstStart | undefined): string {
  const entity = catalog.sets.get('products') ?? [...catalog.sets.values()][0];
  const key = firstStart?.apiKey ?? (firstStart ? '$ADMIN_API_KEY' : '$PORTOLAN_API_KEY');
  const query = entity ? exampleQuery(entity) : '__typename';
  // Double quotes around the key let the shell put in the variable.
  return `curl ${address}/api/query -H "X-API-Key: ${key}" -H 'Content-Type: application/json' -d '{"query":"${query}"}'`;
}

const fieldsShown = 4;

function exampleQuery({ set, fields }: Entity): string {
  const plain = [...fields.values()].filter(
    field => field.kind === 'column' && !field.nullable && !field.restricted,
  );
  const names = plain.slice(0, fieldsShown).map(field => field.name);
  return `${set}(take: 3) { ${names.join(', ')} }`;
}
