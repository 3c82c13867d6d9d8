// The letters themselves, as text and as simple HTML.

import { html } from '../../pages/html.ts';
import type { Letter } from './mailer.ts';

interface LinkLetter {
  readonly subject: string;
  readonly greeting: string;
  /** What the letter is about. */
  readonly opening: string;
  readonly action: string;
  readonly url: string;
  /** What else there is to know. */
  readonly closing: string;
}

export const invitationLetter = (to: Addressee, url: string, host: string): Letter =>
  toLetter({
    subject: `You are invited to ${host}`,
    greeting: greet(to),
    opening: `There is an account for you at ${host}. Choose a password, and it is yours.`,
    action: 'Choose a password',
    url,
    closing: 'The link is good once, and for seven days. If you expected no invitation, do nothing.',
  });

export const registrationLetter = (to: Addressee, url: string, host: string): Letter =>
  toLetter({
    subject: `Your account at ${host}`,
    greeting: greet(to),
    opening: `Somebody, most likely you, asked for an account at ${host} with this address.`,
    action: 'Choose a password',
    url,
    closing:
      'The link is good once, and for a day. If it was not you, do nothing, and there will be no account.',
  });

export const knownAddressLetter = (to: Addressee, url: string, host: string): Letter =>
  toLetter({
    subject: `Your account at ${host}`,
    greeting: greet(to),
    opening: `Somebody, most likely you, asked for an account at ${host}. You have one already.`,
    action: 'Sign in',
    url,
    closing: 'If you forgot your password, you can ask for another one there. If it was not you, do nothing.',
  });

export const resetLetter = (to: Addressee, url: string, host: string): Letter =>
  toLetter({
    subject: `A new password for ${host}`,
    greeting: greet(to),
    opening: `Somebody, most likely you, asked for a new password at ${host}.`,
    action: 'Choose a new password',
    url,
    closing: 'The link is good once, and for an hour. If it was not you, do nothing: your password stays.',
  });

export const passwordChangedLetter = (to: Addressee, url: string, host: string): Letter =>
  toLetter({
    subject: `Your password for ${host} was changed`,
    greeting: greet(to),
    opening: `The password of your account at ${host} was changed, and your other sessions have ended.`,
    action: 'Sign in',
    url,
    closing: 'If it was not you, ask for a new password there at once, and tell your administrator.',
  });

export interface Addressee {
  readonly name: string;
}

const greet = ({ name }: Addressee): string => (name ? `Hello ${name},` : 'Hello,');

function toLetter({ subject, greeting, opening, action, url, closing }: LinkLetter): Letter {
  return {
    subject,
    text: `${greeting}\n\n${opening}\n\n${action}:\n${url}\n\n${closing}\n`,
    html: html`<!doctype html>
<html lang="en"><body style="margin:0;padding:24px;background:#f6f3ec;color:#14293b;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:24px;background:#fffefb;border:1px solid #d9d3c5;border-radius:12px">
<p>${greeting}</p>
<p>${opening}</p>
<p><a href="${url}" style="display:inline-block;padding:10px 18px;background:#0d5c75;color:#fff;border-radius:8px;text-decoration:none;font-weight:600">${action}</a></p>
<p style="color:#536575;font-size:14px">${closing}</p>
<p style="color:#536575;font-size:14px;word-break:break-all">${url}</p>
</div></body></html>
`.markup,
  };
}
