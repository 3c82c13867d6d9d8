// A mail server in this process: what it was sent can be read.

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  readonly url: string;
  /** Whole messages, in the order of their arrival. */
  readonly letters: { readonly to: string[]; readonly message: string }[];
  /** @returns the letter that arrives next, or arrived and was not taken yet */
  next(): Promise<{
    readonly to: string[];
    readonly message: string;
    readonly text: string;
    readonly link: string;
  }>;
  /** Whether it takes what it is sent. */
  working: boolean;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const letters: MailServer['letters'] = [];
  let taken = 0;
  const waiting: (() => void)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username }),
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', chunk => chunks.push(chunk));
      stream.on('end', () => {
        if (!mail.working) return done(Object.assign(new Error('Try later'), { responseCode: 451 }));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        letters.push({ to, message: Buffer.concat(chunks).toString('utf8') });
        done();
        for (const wake of waiting.splice(0)) wake();
      });
    },
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    working: true,
    async next() {
      while (letters.length <= taken) await new Promise<void>(resolve => waiting.push(resolve));
      const letter = letters[taken++]!;
      const text = plainPart(letter.message);
      return { ...letter, text, link: /https?:\/\/\S+/.exec(text)?.[0] ?? '' };
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
  return mail;
}

/** The plain part, its transfer encoding undone. */
function plainPart(message: string): string {
  const part = message.split(/\r?\n--/).find(text => /^content-type: text\/plain/im.test(text)) ?? '';
  const [head = '', ...body] = part.split(/\r?\n\r?\n/);
  const text = body.join('\n\n');
  if (!/quoted-printable/i.test(head)) return text;
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
