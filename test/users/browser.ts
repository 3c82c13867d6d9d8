// What a browser does, without a browser: keeps cookies, and sends the forms of the pages it was shown.

import type { TestServer } from '../harness.ts';

export interface Shown {
  readonly status: number;
  /** Of a redirect. */
  readonly location: string | undefined;
  readonly headers: Headers;
  readonly text: string;
  /** What stands in the page's alert, tags left out. */
  readonly alert: string | undefined;
}

export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  /** Loads a page, and sends its form with these fields. */
  submit(page: string, fields: Record<string, string>, to?: string): Promise<Shown>;
  /** Sends fields as they are: without what the page would add. */
  post(path: string, body: string, headers?: Record<string, string>): Promise<Shown>;
}

export function openBrowser(server: Pick<TestServer, 'fetch'>): Browser {
  const cookies = new Map<string, string>();

  async function send(path: string, init: RequestInit): Promise<Shown> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(pair => pair.join('=')).join('; '));
    if (!headers.has('user-agent')) headers.set('user-agent', 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0');
    const response = await server.fetch(path, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) keep(set);
    const text = await response.text();
    const alert = /role="alert">([\s\S]*?)<\/div>/
      .exec(text)?.[1]
      ?.replace(/<[^>]+>/g, ' ')
      .trim();
    const location = response.headers.get('location') ?? undefined;
    return { status: response.status, location, headers: response.headers, text, alert };
  }

  function keep(set: string): void {
    const [pair = '', ...attributes] = set.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('Max-Age=0')) cookies.delete(name);
    else cookies.set(name, value);
  }

  const get: Browser['get'] = (path, headers = {}) => send(path, { headers });

  const post: Browser['post'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    });

  async function submit(page: string, fields: Record<string, string>, to = page): Promise<Shown> {
    const { text } = await get(page);
    return post(to, new URLSearchParams({ form_token: tokenIn(text), ...fields }).toString());
  }

  return { cookies, get, post, submit };
}

const tokenIn = (page: string): string => /name="form_token" value="([^"]+)"/.exec(page)?.[1] ?? '';
