import { TransparencyError } from '@foundation/transparency';
import { checkReceipt } from './check-receipt.command.js';
import { type Command, EXIT } from './command.js';
import { exportCommand } from './export.command.js';
import { diff, rebuild, replay, stateAt, timeline } from './replay.command.js';
import { BundleRefused } from './verify.js';
import { verify } from './verify.command.js';
import { witness } from './witness.command.js';
import { CannotDo, WrongUsage } from './wrong-usage.js';

const commands: Readonly<Record<string, Command>> = {
  verify,
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
    if (error instanceof WrongUsage) {
      console.error(`${error.message}\n\n${command ? `Usage: ${name} ${command.usage}` : HELP}`);
      return EXIT.USAGE;
    }
    if (error instanceof BundleRefused) {
      console.error(`REFUSED ${error.fault}: ${error.message}`);
      return EXIT.REFUTED;
    }
    if (error instanceof TransparencyError) {
      console.error(`REFUSED ${error.fault}: ${error.message}`);
      return EXIT.REFUTED;
    }
    if (error instanceof CannotDo || (error as NodeJS.ErrnoException).code === 'ENOENT') {
      console.error((error as Error).message);
      return EXIT.UNDECIDED;
    }
    throw error;
  }
};

process.exitCode = await run(process.argv.slice(2));
