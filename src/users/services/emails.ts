// The e-mails, as text and as simple HTML.

import { html } from '../../pages/html.ts';
import type { Email } from './mailer.ts';

interface LinkEmail {
  readonly subject: string;
  readonly greeting: string;
  /** Why the user gets this e-mail. */
  readonly opening: string;
  readonly action: string;
  readonly url: string;
  /** How long the link is valid, and what to do if the e-mail is unexpected. */
  readonly closing: string;
}

export const invitationEmail = (to: Addressee, url: string, host: string): Email =>
  toEmail({
    subject: `You've been invited to ${host}`,
    greeting: greet(to),
    opening: `You've been invited to ${host}. Set a password to activate your account.`,
    action: 'Set your password',
    url,
    closing:
      'This link works once and expires in 7 days. If you did not expect this invitation, you can ignore this e-mail.',
  });

export const registrationEmail = (to: Addressee, url: string, host: string): Email =>
  toEmail({
    subject: `Confirm your e-mail address for ${host}`,
    greeting: greet(to),
    opening: `Someone, probably you, registered an account at ${host} with this e-mail address. Set a password to confirm the address.`,
    action: 'Set your password',
    url,
    closing:
      'This link works once and expires in 24 hours. If this was not you, ignore this e-mail and no account will be created.',
  });

export const knownAddressEmail = (to: Addressee, url: string, host: string): Email =>
  toEmail({
    subject: `You already have an account at ${host}`,
    greeting: greet(to),
    opening: `Someone, probably you, tried to register an account at ${host} with this e-mail address, which already has one.`,
    action: 'Sign in',
    url,
    closing:
      'If you forgot your password, you can reset it on the sign-in page. If this was not you, you can ignore this e-mail.',
  });

export const resetEmail = (to: Addressee, url: string, host: string): Email =>
  toEmail({
    subject: `Reset your password for ${host}`,
    greeting: greet(to),
    opening: `Someone, probably you, requested a password reset for your account at ${host}.`,
    action: 'Reset password',
    url,
    closing:
      'This link works once and expires in 1 hour. If this was not you, ignore this e-mail: your password will not change.',
  });

export const passwordChangedEmail = (to: Addressee, url: string, host: string): Email =>
  toEmail({
    subject: `Your password for ${host} was changed`,
    greeting: greet(to),
    opening: `The password of your account at ${host} was changed, and your other sessions were signed out.`,
    action: 'Sign in',
    url,
    closing:
      'If this was not you, reset your password on the sign-in page at once and contact your administrator.',
  });

export interface Addressee {
  readonly name: string;
}

const greet = ({ name }: Addressee): string => (name ? `Hello ${name},` : 'Hello,');

function toEmail({ subject, greeting, opening, action, url, closing }: LinkEmail): Email {
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
