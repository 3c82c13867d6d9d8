import { loadDemo } from './prisma/demo/load-demo.ts';
import { entities } from './schema/index.ts';
import { mappers } from './schema/mappers/index.ts';
import { defineProject } from './src/project.ts';

export default defineProject({ folder: import.meta.dirname, entities, mappers, loadDemo });
