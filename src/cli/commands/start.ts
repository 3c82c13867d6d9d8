import { newCommand } from '../terminal/new-command.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const startCommand = ({ env }: Terminal) =>
  newCommand('start', {
    summary: 'Start the server.',
    description:
      "Without configuration it listens on http://localhost:3000, with an embedded database in ./data. The first start prints the administrator's password and API key once.",
    examples: [
      'portolan start',
      'portolan start --port 8080',
      'DATABASE_URL=postgres://… SAFESTORE_PEPPERS=… portolan start',
    ],
  })
    .option('--host <HOST>', 'The address to listen on. Default: HOST, or localhost.')
    .option('--port <PORT>', 'The port to listen on. Default: PORT, or 3000.')
    .action(async ({ host, port }) => {
      const { startServer } = await import('../../start.ts');
      await startServer({ ...env, ...(host && { HOST: host }), ...(port && { PORT: port }) });
    });
