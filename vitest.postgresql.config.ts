import { mergeConfig } from 'vitest/config';
import { databaseFiles } from './test/setup/files.ts';
import whole from './vitest.config.ts';

// The tests whose outcome depends on the database, for a run on PostgreSQL: `npm run test:postgresql`.
const { include, ...test } = whole.test!;

export default mergeConfig({ ...whole, test }, { test: { include: databaseFiles() } });
