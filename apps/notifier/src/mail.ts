import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folder as absolute } from '@foundation/configuration';

/** `npm run mail`: prints the e-mails that the running platform would have sent, oldest first. */
const folder = join(absolute(process.env['LODESTONE_DATA'] || '.lodestone'), 'mail');
const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml'));
const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(join(folder, file))).mtimeMs })));
if (dated.length === 0) console.error(`No e-mail has been sent: there is none in ${folder}.`);
for (const { file } of dated.toSorted((one, other) => one.at - other.at))
  console.log(`${await readFile(join(folder, file), 'utf8')}\n${'-'.repeat(72)}`);
