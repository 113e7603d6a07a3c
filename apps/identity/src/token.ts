import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { developmentClientId, developmentSecret, developmentToken } from '@adapters/identity-oidc';

const USAGE = `Usage: npm run --silent token -- --country JP --role DELEGATE [--role APPROVER] [--person 2]
       npm run --silent token -- --role SECRETARIAT`;

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit();
}

/** Prints an access token of the running development platform, and nothing else. */
try {
  const person = readArguments();
  const data = resolve(process.env['LODESTONE_DATA'] || '.lodestone');
  const issuer = await runningIssuer(data);
  const token = await developmentToken({ ...person, issuer, secret: await developmentSecret(data) });
  process.stdout.write(`${token}\n`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}

function readArguments(): { country: string | undefined; roles: string[]; person: string | undefined } {
  try {
    const options = {
      country: { type: 'string' },
      role: { type: 'string', multiple: true },
      person: { type: 'string' },
    } as const;
    const { country, role: roles = [], person } = parseArgs({ options }).values;
    developmentClientId({ country, roles, person });
    return { country, roles, person };
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}

/** The issuer that the launcher wrote down when the platform was ready. */
async function runningIssuer(data: string): Promise<string> {
  const file = join(data, 'runtime.json');
  try {
    const { issuer } = JSON.parse(await readFile(file, 'utf8')) as { issuer?: unknown };
    if (typeof issuer === 'string') return issuer;
  } catch {
    // Said below: a file that is missing, cut off or of another program all mean the same here.
  }
  throw new Error(
    `No platform runs on ${data} (${file} names no issuer). Start it with \`npm start\`, or point LODESTONE_DATA at its data folder.`,
  );
}
