import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../src/pages/html.ts';
import { checkboxes, errorSummary, field, foreignLink, name, time } from '../../src/pages/parts.ts';

test('escapes whatever is put in, between tags and in attributes', () => {
  const hostile = `"><script>alert('1')</script>&amp;`;
  expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;</p>',
  );
});

test('puts markup into markup, lists in a row, and nothing for what is not there', () => {
  expect(html`<ul>${['<', html`<li>${1}</li>`, [undefined, null, false, '']]}</ul>`.markup).toBe(
    '<ul>&lt;<li>1</li></ul>',
  );
});

test('a value that looks like markup in our class is no markup', () => {
  const forged = { markup: '<b>' } as unknown as string;
  expect(html`${[String(forged)]}`.markup).toBe('[object Object]');
});

test('no text gets out of its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const { markup } = html`<a title="${text}">${text}</a>`;
      expect(markup.match(/[<>"]/g)?.join('')).toBe('<"">' + '<>');
    }),
  );
});

test('a field has its label, and names its hint and its error to screen readers', () => {
  const { markup } = field({
    name: 'email',
    label: 'E-mail',
    type: 'email',
    value: '"<',
    hint: 'H',
    error: 'E',
  });
  expect(markup).toContain('<label for="email">E-mail</label>');
  expect(markup).toContain('aria-describedby="email-hint email-error" aria-invalid="true"');
  expect(markup).toContain('value="&quot;&lt;"');
  expect(markup).toContain('<div class="wrong" id="email-error">E</div>');
});

test('boxes to tick share a name, and each has an id of its own', () => {
  const { markup } = checkboxes('scope', 'Scopes', [
    { value: 'read', label: 'Read', checked: true },
    { value: 'write', label: 'Write' },
  ]);
  expect(markup).toContain('id="scope-0" name="scope" value="read" checked');
  expect(markup).toContain('id="scope-1" name="scope" value="write">');
  expect(markup).toContain('<fieldset><legend>Scopes</legend>');
});

test('a summary of errors leads to the fields', () => {
  expect(errorSummary({ name: undefined })).toBeUndefined();
  expect(html`${errorSummary({ name: 'Too long.', '': 'Busy.' })}`.markup).toBe(
    '<div class="notice alarm" role="alert"><ul><li><a href="#name">Too long.</a></li><li>Busy.</li></ul></div>',
  );
});

test.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:1', 'no address'])(
  '%s becomes no link',
  address => {
    expect(foreignLink(address).markup).not.toContain('href');
  },
);

test('links to pages of others tell them nothing', () => {
  expect(foreignLink('https://a.example/?x="').markup).toBe(
    '<a href="https://a.example/?x=&quot;" rel="noreferrer noopener nofollow">https://a.example/?x=&quot;</a>',
  );
});

test('names are kept from turning the text around them; times are for people and programs', () => {
  expect(name('\u202eevil').markup).toBe('<bdi>\u202eevil</bdi>');
  expect(time(new Date(0)).markup).toBe(
    '<time datetime="1970-01-01T00:00:00.000Z">1970-01-01 00:00 UTC</time>',
  );
});
