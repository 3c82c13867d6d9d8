import type { Department } from './department.ts';
import { garden } from './garden.ts';
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { office } from './office.ts';
import { pantry } from './pantry.ts';
import { sport } from './sport.ts';
import { tools } from './tools.ts';

export const departments: readonly Department[] = [home, kitchen, garden, tools, office, sport, pantry];
