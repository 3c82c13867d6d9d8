import { explainFault, startServer } from './start.ts';

await startServer(process.env).catch(explainFault);
