// How a link reaches its person: by letter, else by the hand of whoever manages people.

import type { IssuedLink } from './links.ts';
import type { Letter, Mailer } from './mailer.ts';

export interface Delivery {
  /** Whether a letter is on its way to the person. */
  readonly sent: boolean;
  /** Only where no letter could be sent: to be handed to the person, and to nobody else. */
  readonly link?: string;
  readonly expiresAt: Date;
}

export async function deliver(
  mailer: Mailer | undefined,
  email: string,
  letter: Letter,
  { url, expiresAt, markShown }: IssuedLink,
): Promise<Delivery> {
  const sent = (await mailer?.send(email, letter)) ?? false;
  if (sent) return { sent, expiresAt };
  await markShown();
  return { sent, link: url, expiresAt };
}
