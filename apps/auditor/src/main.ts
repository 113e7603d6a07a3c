import { endingOf, WrongUsage } from '@foundation/configuration';
import { TransparencyError } from '@foundation/transparency';
import { BundleRefused } from './bundle-refused.js';
import { checkReceipt } from './check-receipt.command.js';
import { type Command, EXIT } from './command.js';
import { exportCommand } from './export.command.js';
import { meaning } from './meaning.js';
import { diff, rebuild, replay, stateAt, timeline } from './replay.command.js';
import { verify } from './verify.command.js';
import { verifyHistory } from './verify-history.command.js';
import { witness } from './witness.command.js';

const commands: Readonly<Record<string, Command>> = {
  verify,
  'verify-history': verifyHistory,
  export: exportCommand,
  witness,
  'check-receipt': checkReceipt,
  replay,
  'state-at': stateAt,
  diff,
  timeline,
  rebuild,
};

const HELP = `Usage: npm run --silent auditor -- COMMAND …

${Object.entries(commands)
  .map(([name, { summary, usage }]) => `  ${name}: ${summary}\n           ${usage}`)
  .join('\n\n')}

Exit code: ${EXIT.GOOD} proved or done, ${EXIT.REFUTED} refuted (tampering, a fork, a dropped event), ${EXIT.USAGE} wrong command line, ${EXIT.UNDECIDED} cannot be told.`;

const run = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === 'help' || name === '--help' || args.includes('--help')) {
    console.log(HELP);
    return name === undefined ? EXIT.USAGE : EXIT.GOOD;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!command) throw new WrongUsage(`There is no command "${name}".`);
    return await command.run(args);
  } catch (error) {
    const { code, message } = endingOf(error, meaning);
    const isRefusal = code === EXIT.REFUTED && (error instanceof BundleRefused || error instanceof TransparencyError);
    console.error(isRefusal ? `REFUSED ${error.fault}: ${message}` : message);
    if (code === EXIT.USAGE) console.error(`\n${command ? `Usage: ${name} ${command.usage}` : HELP}`);
    return code;
  }
};

process.exitCode = await run(process.argv.slice(2));
