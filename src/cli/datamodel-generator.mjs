// A Prisma generator that keeps what the client leaves out at run time: documentation, enums, native types, indexes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import helper from '@prisma/generator-helper';

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'datamodel', defaultOutput: './generated/datamodel.json' }),
  onGenerate: async ({ dmmf, generator }) => {
    mkdirSync(dirname(generator.output.value), { recursive: true });
    writeFileSync(generator.output.value, JSON.stringify(dmmf.datamodel, null, 1));
  },
});
