import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Two builds of graphql-js in one process refuse each other's types: everything must load the one that Node loads.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Not limits to aim at: they only end what hangs, on the busiest machine.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // The schema engine in WebAssembly, for the test that compares schema and migrations.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
});
