// A real browser: Debian's package chromium.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const path = '/usr/bin/chromium';

export const hasChromium = (): boolean => existsSync(path);

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
