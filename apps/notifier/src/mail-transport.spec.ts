import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { intoFolder, Refused, smtp, type Mail } from './mail-transport.js';

const FROM = 'alerts@lodestone.example';
const mail: Mail = {
  id: '5c1a8d0e-8a53-5f0e-9d5e-0b6f1f0f7a03',
  to: 'desk@ministry.example',
  subject: 'Lodestone: an alert',
  text: 'HIGH  An act of your party awaits a second person.',
  unsubscribe: 'https://console.example/alerts',
};

let server: Server | null = null;
afterEach(() => void server?.close());

/** A mail server that takes what it is sent, or answers a recipient with a code. */
const mailServer = async (answer = '250 ok') => {
  const taken: string[] = [];
  server = createServer((socket) => {
    let message: string[] | null = null;
    socket.write('220 here\r\n');
    let rest = '';
    socket.on('data', (bytes) => {
      const lines = `${rest}${bytes.toString()}`.split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (message && line === '.') {
          taken.push(message.join('\n'));
          message = null;
          socket.write('250 taken\r\n');
        } else if (message) message.push(line);
        else if (line === 'DATA') {
          message = [];
          socket.write('354 go on\r\n');
        } else socket.write(`${line.startsWith('RCPT') ? answer : '250 ok'}\r\n`);
      }
    });
    socket.on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, taken };
};

describe('An e-mail', () => {
  it('goes to one receiver, under an id that stays, and says how to get no more', async () => {
    const { url, taken } = await mailServer();
    await smtp(url, FROM).send(mail);
    const [message] = taken;
    expect(message).toMatch(/^To: desk@ministry\.example$/m);
    expect(message).toMatch(/^Message-ID: <5c1a8d0e-8a53-5f0e-9d5e-0b6f1f0f7a03@lodestone\.example>$/m);
    expect(message).toMatch(/^List-Unsubscribe: <https:\/\/console\.example\/alerts>$/m);
    expect(message).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(message).not.toMatch(/^(Cc|Bcc):/m);
  });
  it('that a server will never take is refused, and one that it cannot take now is not', async () => {
    await expect(smtp((await mailServer('550 no such user')).url, FROM).send(mail)).rejects.toThrow(Refused);
    server!.close();
    const later = smtp((await mailServer('451 later')).url, FROM).send(mail);
    await expect(later).rejects.toThrow();
    await expect(later).rejects.not.toThrow(Refused);
  });
  it('stands in a folder once, however often it is sent', async () => {
    const folder = temporaryFolder();
    const transport = intoFolder(folder, FROM);
    await transport.send(mail);
    await transport.send(mail);
    expect(readdirSync(folder)).toEqual([`${mail.id}.eml`]);
    expect(readFileSync(join(folder, `${mail.id}.eml`), 'utf8')).toMatch(/awaits a second person/);
  });
});
