import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printContracts } from '../../codegen.ts';

describe('the printed contracts', () => {
  test.each(Object.entries(printContracts()))(
    '%s is what the server says (npm run codegen)',
    (path, text) => {
      expect(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')).toBe(text);
    },
  );
});
