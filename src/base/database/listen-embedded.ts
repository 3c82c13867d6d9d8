import type { Pool, PoolClient } from 'pg';
import type { Listen } from './database.ts';

/** @returns a Listen over the one connection: its session hears what it sends itself, before its next statement */
export const listenEmbedded =
  (pool: Pool): Listen =>
  (channel, heard) => {
    const known = new Set<PoolClient>();
    const onNotification = (message: { channel: string; payload?: string }) => {
      if (message.channel === channel) heard(message.payload ?? '');
    };
    const attend = (client: PoolClient) => {
      if (known.has(client)) return;
      known.add(client);
      client.once('end', () => known.delete(client));
      client.on('notification', onNotification);
      client.query(`listen ${channel}`).then(
        () => heard(),
        () => {},
      );
    };
    pool.on('connect', attend);
    // The connection that is open already.
    pool.connect((error, client, release) => {
      if (!client) return;
      attend(client);
      release(error);
    });
    return {
      async close() {
        pool.off('connect', attend);
        for (const client of known) client.off('notification', onNotification);
      },
    };
  };
