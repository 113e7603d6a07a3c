import { endingOf, WrongUsage } from '@foundation/configuration';
import { TransparencyError } from '@foundation/transparency';
import { BundleRefused } from './bundle-refused.js';
import { type Command, EXIT } from './command.js';

/** Each is loaded when it is asked for: one that verifies a file needs none of the packages of those that read stores. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  verify: async () => (await import('./verify.command.js')).verify,
  'verify-history': async () => (await import('./verify-history.command.js')).verifyHistory,
  export: async () => (await import('./export.command.js')).exportCommand,
  witness: async () => (await import('./witness.command.js')).witness,
  'check-receipt': async () => (await import('./check-receipt.command.js')).checkReceipt,
  replay: async () => (await import('./replay.command.js')).replay,
  'state-at': async () => (await import('./replay.command.js')).stateAt,
  diff: async () => (await import('./replay.command.js')).diff,
  timeline: async () => (await import('./replay.command.js')).timeline,
  rebuild: async () => (await import('./replay.command.js')).rebuild,
};

const help = async (): Promise<string> => {
  const told = Object.entries(commands).map(async ([name, load]) => {
    const { summary, usage } = await load();
    return `  ${name}: ${summary}\n           ${usage}`;
  });
  return `Usage: npm run --silent auditor -- COMMAND …

${(await Promise.all(told)).join('\n\n')}

Exit code: ${EXIT.GOOD} proved or done, ${EXIT.REFUTED} refuted (tampering, a fork, a dropped event), ${EXIT.USAGE} wrong command line, ${EXIT.UNDECIDED} cannot be told.`;
};

const run = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === 'help' || name === '--help' || args.includes('--help')) {
    console.log(await help());
    return name === undefined ? EXIT.USAGE : EXIT.GOOD;
  }
  let command: Command | undefined;
  try {
    command = Object.hasOwn(commands, name) ? await commands[name]!() : undefined;
    if (!command) throw new WrongUsage(`There is no command "${name}".`);
    return await command.run(args);
  } catch (error) {
    const { meaning } = await import('./meaning.js');
    const { code, message } = endingOf(error, meaning);
    const isRefusal = code === EXIT.REFUTED && (error instanceof BundleRefused || error instanceof TransparencyError);
    console.error(isRefusal ? `REFUSED ${error.fault}: ${message}` : message);
    if (code === EXIT.USAGE) console.error(`\n${command ? `Usage: ${name} ${command.usage}` : await help()}`);
    return code;
  }
};

process.exitCode = await run(process.argv.slice(2));
