// Letters by SMTP.

import { createTransport } from 'nodemailer';
import type { MailConfig } from '../../base/config/people-config.ts';
import type { Logger } from '../../base/log.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** @returns whether the mail server took it; why not stands in the log */
  send(to: string, letter: Letter): Promise<boolean>;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

const timeoutMs = 15_000;

/** @returns undefined where no mail server is configured */
export function createMailer(config: MailConfig | undefined, log: Logger): Mailer | undefined {
  if (!config) return undefined;
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sending = new Set<Promise<boolean>>();

  async function attempt(to: string, letter: Letter): Promise<boolean> {
    try {
      // As an object, so that nothing in the address is read as a list of addresses.
      await transport.sendMail({ ...letter, from: config?.from, to: { name: '', address: to }, headers });
      return true;
    } catch (error) {
      const { code, responseCode, command } = error as {
        code?: string;
        responseCode?: number;
        command?: string;
      };
      // The message could hold what was sent.
      log.error({ code, responseCode, command }, 'a letter could not be sent');
      return false;
    }
  }

  return {
    send(to, letter) {
      const sent = attempt(to, letter).finally(() => sending.delete(sent));
      sending.add(sent);
      return sent;
    },
    async close() {
      await Promise.all(sending);
      transport.close();
    },
  };
}

/** RFC 3834: nobody's absence is to answer. */
const headers = { 'auto-submitted': 'auto-generated' };
