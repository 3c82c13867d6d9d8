import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, fault } from '../../base/errors.ts';
import { createHttpServer } from './create-server.ts';
import { stopServer } from './stop-server.ts';

export interface Listening {
  readonly port: number;
  /** @param graceMs after this time, running requests are cut off @returns whether all of them completed */
  stop(graceMs: number): Promise<boolean>;
}

/**
 * Listens on a host. `localhost` means both loopback addresses, so a client can try either first.
 * @param port 0 for any free one
 * @throws CONFLICT when the port is in use, INVALID_VALUE when the system rejects the address
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const servers: Server[] = [];
  const stop = async (graceMs: number) => {
    const whole = await Promise.all(servers.map(server => stopServer(server, graceMs)));
    return whole.every(Boolean);
  };
  try {
    for (const address of host === 'localhost' ? ['127.0.0.1', '::1'] : [host]) {
      const server = await open(listener, address, servers[0] ? portOf(servers[0]) : port);
      if (server) servers.push(server);
    }
    return { port: portOf(servers[0]!), stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

/** @returns undefined where this machine has no IPv6 */
async function open(listener: RequestListener, host: string, port: number): Promise<Server | undefined> {
  const server = createHttpServer(listener);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (host === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return undefined;
    throw toFault(code, host, port, error);
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function toFault(code: string | undefined, host: string, port: number, cause: unknown): Fault {
  if (code === 'EADDRINUSE') {
    return fault('CONFLICT', `Port ${port} on ${host} is in use by another program.`, {
      hint: `Stop that program, or set PORT to another number: PORT=${port + 1}`,
      cause,
    });
  }
  const reason =
    code === 'EACCES' ? 'the system does not allow it' : `this machine does not have that address (${code})`;
  return fault('INVALID_VALUE', `The server cannot listen on ${host}, port ${port}: ${reason}.`, {
    hint: 'Set HOST to an address of this machine, or PORT to a number above 1023.',
    cause,
  });
}
