// Delivers a link: by e-mail, or without a mail server through the administrator.

import type { IssuedLink } from './links.ts';
import type { Email, Mailer } from './mailer.ts';

export interface Delivery {
  /** Whether an e-mail was sent to the user. */
  readonly sent: boolean;
  /** Only if no e-mail was sent: for the administrator to give to the user, and to no one else. */
  readonly link?: string;
  readonly expiresAt: Date;
}

export async function deliver(
  mailer: Mailer | undefined,
  address: string,
  email: Email,
  { url, expiresAt, markShown }: IssuedLink,
): Promise<Delivery> {
  const sent = (await mailer?.send(address, email)) ?? false;
  if (sent) return { sent, expiresAt };
  await markShown();
  return { sent, link: url, expiresAt };
}
