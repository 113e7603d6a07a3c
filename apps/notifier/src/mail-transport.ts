import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';

export type Mail = {
  /** The same whenever the same message is sent again. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Where its receiver says that it wants no more. */
  readonly unsubscribe: string;
};

/** A mail server has said that it will never take the message. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export type MailTransport = {
  /** @throws Refused, or another error where it may be tried again */
  send(mail: Mail): Promise<void>;
};

const TIMEOUT_MS = 15_000;

const optionsOf = (from: string, { id, to, subject, text, unsubscribe }: Mail): SendMailOptions => ({
  from,
  to,
  subject,
  text,
  messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
  headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe': `<${unsubscribe}>` },
});

/** By SMTP, to the server that a URL names. */
export const smtp = (url: string, from: string): MailTransport => {
  const [connectionTimeout, socketTimeout] = [TIMEOUT_MS, TIMEOUT_MS];
  const transport = createTransport({ url, connectionTimeout, socketTimeout } as never);
  return {
    send: async (mail) => {
      try {
        await transport.sendMail(optionsOf(from, mail));
      } catch (error) {
        const { responseCode = 0 } = error as { readonly responseCode?: number };
        throw responseCode >= 500 && responseCode < 600
          ? new Refused(`the mail server answers ${responseCode}`, { cause: error })
          : error;
      }
    },
  };
};

/** Into a folder, a file each: to look at while trying out. The same message is the same file. */
export const intoFolder = (folder: string, from: string): MailTransport => {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    send: async (mail) => {
      const { message } = await transport.sendMail(optionsOf(from, mail));
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${mail.id}.eml`);
      await writeFile(`${file}.new`, message as Buffer);
      await rename(`${file}.new`, file);
    },
  };
};
