// A Prisma generator that keeps what the client drops at run time: documentation, enums, native types, indexes, and the
// names of fields whose types Prisma does not support.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import helper from '@prisma/generator-helper';

helper.generatorHandler({
  onManifest: () => ({ prettyName: 'datamodel', defaultOutput: './generated/datamodel.json' }),
  onGenerate: async ({ dmmf, datamodel, generator }) => {
    mkdirSync(dirname(generator.output.value), { recursive: true });
    writeFileSync(
      generator.output.value,
      JSON.stringify({ ...dmmf.datamodel, unsupported: unsupportedFields(datamodel) }, null, 1),
    );
  },
});

/** Prisma does not pass unsupported fields to generators, so they are read from the schema text. */
function unsupportedFields(text) {
  return [...text.matchAll(/^\s*model\s+(\w+)\s*\{(.*?)^\s*\}/gms)].flatMap(([, model, body]) =>
    [...body.matchAll(/^\s*(\w+)\s+Unsupported\("([^"]*)"\)/gm)].map(([, name, type]) => ({
      model,
      name,
      type,
    })),
  );
}
