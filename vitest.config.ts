import { defineConfig } from 'vitest/config';

// The processes that tests start compile the same files each time.
process.env.NODE_COMPILE_CACHE ??= `${import.meta.dirname}/node_modules/.cache/compiled`;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // A worker imports the server once for all its files. Nothing in src/ keeps state in a module.
    isolate: false,
    unstubGlobals: true,
    // Node reads TypeScript itself, as it does in production.
    experimental: { viteModuleRunner: false },
    // Not limits to aim at: they only end what hangs, on the busiest machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      // A worker starts many embedded databases, and V8 can crash when it frees their code while another starts.
      '--no-wasm-code-gc',
    ],
  },
});
