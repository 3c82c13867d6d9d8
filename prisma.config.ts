import { defineConfig } from 'prisma/config';

// Prisma looks for an engine to download before every command. `generate`, `validate` and `format` never call it,
// so any existing file will do. Prisma's `migrate` and `db` commands must not be used: see src/README.md, "Decisions".
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma' });
