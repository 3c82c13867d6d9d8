import type { Command } from '../terminal/command.ts';

export const startCommand: Command = {
  name: 'start',
  summary: 'Start the server.',
  description: `Without configuration it listens on http://localhost:3000, with an embedded database in ./data. The first start
prints the administrator's password and API key once.`,
  options: {
    host: { value: 'HOST', help: 'The address to listen on. Default: HOST.' },
    port: { value: 'PORT', help: 'The port to listen on. Default: PORT.' },
  },
  examples: [
    'portolan start',
    'portolan start --port 8080',
    'DATABASE_URL=postgres://… SAFESTORE_PEPPERS=… portolan start',
  ],
  async run(args, { env }) {
    const { startServer } = await import('../../start.ts');
    const host = args.value('host');
    const port = args.value('port');
    await startServer({ ...env, ...(host && { HOST: host }), ...(port && { PORT: port }) });
  },
};
