import type { Command } from '../terminal/command.ts';

export const startCommand: Command = {
  name: 'start',
  summary: 'Start the server.',
  description: `Without any configuration it listens on http://localhost:3000, over a database of its own in ./data. The first
start prints the administrator's password and API key, once.`,
  options: {
    host: { value: 'HOST', help: 'Where to listen, instead of HOST.' },
    port: { value: 'PORT', help: 'Where to listen, instead of PORT.' },
  },
  examples: [
    'portolan start',
    'portolan start --port 8080',
    'DATABASE_URL=postgres://… SAFESTORE_PEPPERS=… portolan start',
  ],
  async run(given, { env }) {
    const { startServer } = await import('../../start.ts');
    const [host, port] = [given.value('host'), given.value('port')];
    await startServer({ ...env, ...(host && { HOST: host }), ...(port && { PORT: port }) });
  },
};
