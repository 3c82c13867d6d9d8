// Sends e-mails by SMTP.

import { createTransport } from 'nodemailer';
import type { MailConfig } from '../../base/config/users-config.ts';
import type { Logger } from '../../base/log.ts';

export interface Email {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** @returns whether the mail server accepted it; the reason of a failure is logged */
  send(to: string, email: Email): Promise<boolean>;
  /** Waits for e-mails that are being sent. */
  close(): Promise<void>;
}

const timeoutMs = 15_000;

/** @returns undefined if no mail server is configured */
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

  async function attempt(to: string, email: Email): Promise<boolean> {
    try {
      // As an object, so that the address is not parsed as a list of addresses.
      await transport.sendMail({ ...email, from: config?.from, to: { name: '', address: to }, headers });
      return true;
    } catch (error) {
      const { code, responseCode, command } = error as {
        code?: string;
        responseCode?: number;
        command?: string;
      };
      // The error's message could contain the e-mail.
      log.error({ code, responseCode, command }, 'an e-mail could not be sent');
      return false;
    }
  }

  return {
    send(to, email) {
      const sent = attempt(to, email).finally(() => sending.delete(sent));
      sending.add(sent);
      return sent;
    },
    async close() {
      await Promise.all(sending);
      transport.close();
    },
  };
}

/** RFC 3834: suppresses automatic replies. */
const headers = { 'auto-submitted': 'auto-generated' };
