import { runPortolan } from './run-portolan.ts';

const clearLine = '\r\u001b[2K';

process.exitCode = await runPortolan(process.argv.slice(2), {
  env: process.env,
  print: line => console.log(line),
  say: line => console.error(line),
  output: process.stdout,
  status: process.stderr.isTTY ? line => void process.stderr.write(clearLine + line) : undefined,
  stopped() {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
    return controller.signal;
  },
});
