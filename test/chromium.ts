// Chromium, as Debian's package installs it, with a server to visit.

import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium as launcher,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Listening, startListening } from './listening.ts';

const executablePath = '/usr/bin/chromium';

export const hasChromium = existsSync(executablePath);
/** Ends the name of a suite that needs it. */
export const orSkipped = hasChromium ? '' : ' (Chromium is not installed: skipped)';

let browser: Promise<Browser> | undefined;

/** Starts Chromium for all files of this worker, with which it ends. */
export async function openChromium(): Promise<Browser> {
  browser ??= launcher.launch({ executablePath, args: ['--no-sandbox'] });
  return browser;
}

interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, violations of the content security policy among them, and uncaught exceptions. */
  readonly complaints: string[];
  /** URLs of requests to other servers. */
  readonly foreignRequests: string[];
}

export interface VisitedServer extends Listening {
  /** Opens a page in a context of its own, or in one that is open already. The context is closed with the file. */
  openTab(context?: BrowserContextOptions | BrowserContext): Promise<Tab>;
}

/** @returns a server with the demo catalogue for all tests of a file, and tabs to visit it with */
export function visitedServer(env?: Readonly<Record<string, string>>): VisitedServer {
  const contexts = new Set<BrowserContext>();
  const visited = {} as VisitedServer;
  beforeAll(async () => {
    if (!hasChromium) return;
    const listening = await startListening(env);
    const chromium = await openChromium();
    Object.assign(visited, listening, {
      async openTab(options: BrowserContextOptions | BrowserContext = {}) {
        const context = 'newPage' in options ? options : await chromium.newContext(options);
        contexts.add(context);
        return openPage(context, listening.url);
      },
    });
  });
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await visited.close?.();
  });
  return visited;
}

async function openPage(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const [complaints, foreignRequests]: string[][] = [[], []];
  page.on('pageerror', error => complaints!.push(error.message));
  page.on('console', message => {
    // Tests look at the status of a page themselves.
    if (message.type() === 'error' && !/server responded with a status of/.test(message.text()))
      complaints!.push(message.text());
  });
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      foreignRequests!.push(request.url());
  });
  return { page, context, complaints: complaints!, foreignRequests: foreignRequests! };
}
