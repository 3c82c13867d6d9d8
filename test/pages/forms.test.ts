import { describe, expect, test } from 'vitest';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { createFormGuard } from '../../src/pages/form-guard.ts';
import { readForm } from '../../src/pages/read-form.ts';

const type = 'application/x-www-form-urlencoded';

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  new FetchIncoming(
    new Request('https://shop.example/sign-in', {
      method: 'POST',
      body: body as BodyInit,
      headers: { 'content-type': type, ...headers },
    }),
    '192.0.2.7',
  );

describe('a form', () => {
  test('is read as browsers write it', async () => {
    const form = await readForm(post('name=Ada+L%C3%B6ve&empty=&scope=a&scope=b'), {
      lists: ['scope'],
    });
    expect([form.get('name'), form.get('empty'), form.get('absent')]).toEqual(['Ada Löve', '', '']);
    expect([form.all('scope'), form.all('absent')]).toEqual([['a', 'b'], []]);
    expect([form.has('empty'), form.has('absent')]).toEqual([true, false]);
  });

  test.each([
    ['a=1&a=1', type, 'MALFORMED_REQUEST'],
    ['a=1&%61=2', type, 'MALFORMED_REQUEST'],
    ['a=%FF', type, 'MALFORMED_REQUEST'],
    ['a=%C3%28', type, 'MALFORMED_REQUEST'],
    ['a=%00', type, 'MALFORMED_REQUEST'],
    [`a=${'x'.repeat(20_000)}`, type, 'TOO_LARGE'],
    [Array.from({ length: 301 }, (_, i) => `f${i}=`).join('&'), type, 'TOO_LARGE'],
    ['{"a":1}', 'application/json', 'UNSUPPORTED_MEDIA_TYPE'],
    ['a=1', 'text/plain', 'UNSUPPORTED_MEDIA_TYPE'],
    ['a=1', 'multipart/form-data; boundary=x', 'UNSUPPORTED_MEDIA_TYPE'],
  ])('is refused: %.40s as %s', async (body, contentType, code) => {
    await expect(readForm(post(body, { 'content-type': contentType }))).rejects.toMatchObject({ code });
  });

  test('that is not UTF-8 is refused, and a lone percent sign is itself', async () => {
    await expect(readForm(post(Buffer.from([0x61, 0x3d, 0xff])))).rejects.toMatchObject({
      code: 'MALFORMED_REQUEST',
    });
    expect((await readForm(post('a=100%'))).get('a')).toBe('100%');
  });

  test('may use __proto__ as a name', async () => {
    const form = await readForm(post('__proto__=x&constructor=y'));
    expect([form.get('__proto__'), form.get('constructor'), form.get('toString')]).toEqual(['x', 'y', '']);
  });
});

describe('the guard of forms', () => {
  const peppers = [{ version: 1, secret: Buffer.alloc(32, 1) }];
  const guard = createFormGuard({ publicUrl: 'https://shop.example', peppers });
  const get = (cookie?: string) =>
    new FetchIncoming(
      new Request('https://shop.example/sign-in', { headers: cookie ? { cookie } : {} }),
      '192.0.2.7',
    );

  /** @returns what a browser has after it loaded a page */
  function load(cookie?: string, from = guard) {
    const { field, cookies } = from.guard(get(cookie));
    const [, token = ''] = /name="form_token" value="([^"]+)"/.exec(field.markup) ?? [];
    return { token, cookie: cookies[0]?.split(';')[0] ?? cookie ?? '', cookies };
  }

  const own = { 'sec-fetch-site': 'same-origin' };
  const send = (
    { token, cookie }: { token: string; cookie: string },
    headers: Record<string, string> = own,
    from = guard,
  ) => from.read(post(`form_token=${token}&a=1`, { ...(cookie && { cookie }), ...headers }));
  const refused = { code: 'FOREIGN_PAGE', status: 403 };

  test('takes a form of its own page', async () => {
    expect((await send(load())).get('a')).toBe('1');
    expect((await send(load('__Host-portolan_session=abc'))).get('a')).toBe('1');
  });

  test('sets one cookie for the whole host, out of reach of scripts, and not again', () => {
    const { cookies, cookie } = load();
    expect(cookies).toEqual([
      expect.stringMatching(/^__Host-portolan_visit=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    expect(load(cookie).cookies).toEqual([]);
    expect(load('__Host-portolan_session=abc').cookies).toEqual([]);
  });

  test.each([
    ['without a token', { token: '' }],
    ['with another token', { token: 'A'.repeat(43) }],
    ['with half a token', { token: load().token.slice(0, 20) }],
    ['with the token of another browser', { token: load().token }],
    ['with the token of another session', { token: load('__Host-portolan_session=other').token }],
    ['without its cookie', { cookie: '' }],
    [
      'with a cookie of the same value and another kind',
      { cookie: load().cookie.replace('visit', 'session') },
    ],
  ])('refuses a form %s', async (_, change) => {
    await expect(send({ ...load(), ...change })).rejects.toMatchObject(refused);
    await expect(send({ ...load('__Host-portolan_session=mine'), ...change })).rejects.toMatchObject(refused);
  });

  test('refuses the token of before the sign-in after it', async () => {
    const before = load();
    await expect(
      send({ ...before, cookie: `${before.cookie}; __Host-portolan_session=new` }),
    ).rejects.toMatchObject(refused);
  });

  test.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' },
    { origin: 'https://evil.example' },
    { origin: 'https://shop.example.evil.example' },
    { origin: 'http://shop.example' },
    { origin: 'not an origin' },
  ])('refuses a page of somebody else, right token or not: %o', async headers => {
    await expect(send(load(), headers)).rejects.toMatchObject(refused);
  });

  test.each<Record<string, string>>([
    {},
    { origin: 'https://shop.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'none' },
  ])('leaves it to the token where the browser says %o', async headers => {
    expect((await send(load(), headers)).get('a')).toBe('1');
    await expect(send({ ...load(), token: '' }, headers)).rejects.toMatchObject(refused);
  });

  test('takes forms that were open while the peppers changed', async () => {
    const later = createFormGuard({
      publicUrl: 'https://shop.example',
      peppers: [{ version: 2, secret: Buffer.alloc(32, 2) }, ...peppers],
    });
    expect((await send(load(), own, later)).get('a')).toBe('1');
    const without = createFormGuard({
      publicUrl: 'https://shop.example',
      peppers: [{ version: 2, secret: Buffer.alloc(32, 2) }],
    });
    await expect(send(load(), own, without)).rejects.toMatchObject(refused);
  });
});
