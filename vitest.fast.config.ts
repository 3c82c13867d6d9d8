import { mergeConfig } from 'vitest/config';
import { fastFiles } from './test/setup/files.ts';
import whole from './vitest.config.ts';

// The tests that need no database, for the time between two edits: `npm run test:fast`.
const { include, globalSetup, ...test } = whole.test!;

export default mergeConfig({ ...whole, test }, { test: { include: fastFiles() } });
