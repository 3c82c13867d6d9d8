import { runPortolan } from './run-portolan.ts';

process.exitCode = await runPortolan(process.argv.slice(2), {
  env: process.env,
  print: line => console.log(line),
  say: line => console.error(line),
});
