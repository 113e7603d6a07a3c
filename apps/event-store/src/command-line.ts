import { EXIT, WrongUsage } from '@foundation/configuration';

/** What the process was asked to do. */
export type Command =
  | { kind: 'help' }
  | { kind: 'serve'; folder: string; host: string; port: number; tls: { certificate: string; key: string } | undefined }
  | { kind: 'verify'; folder: string }
  | { kind: 'backup'; folder: string; file: string }
  | { kind: 'restore'; folder: string; file: string };

export const USAGE = `Usage: event-store --data DIR [--port 2113] [--host 127.0.0.1] [--tls-cert FILE --tls-key FILE] [--insecure]
       event-store verify --data DIR
       event-store backup --data DIR --to FILE
       event-store restore --from FILE --data DIR

  --data DIR       folder of the event file, made where it is missing
  --port N         port to listen on, 0 for any free one (2113)
  --host HOST      address to listen on (127.0.0.1)
  --tls-cert FILE  certificate chain in PEM; with --tls-key it switches TLS and the check of credentials on
  --tls-key FILE   its private key in PEM
  --insecure       allow plaintext without credentials on an address other than loopback

Exit code: ${EXIT.GOOD} done, ${EXIT.REFUTED} the events are damaged, ${EXIT.USAGE} wrong command line, ${EXIT.UNDECIDED} it could not be done or found out.`;

/** The command line names options that do not exist or have no usable value. */
export class UsageError extends WrongUsage {}

/** The options of each command; `true` for those that must be there. */
const OPTIONS: Record<Exclude<Command['kind'], 'help'>, Record<string, boolean>> = {
  serve: { data: true, port: false, host: false, 'tls-cert': false, 'tls-key': false, insecure: false },
  verify: { data: true },
  backup: { data: true, to: true },
  restore: { data: true, from: true },
};

/** Options that are there or not, and have no value. */
const FLAGS = ['insecure'];

/** @throws UsageError naming every option that is wrong. */
export function parseCommandLine(args: readonly string[]): Command {
  if (args[0] === 'help' || args.includes('--help')) return { kind: 'help' };
  const named = (Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]).find((kind) => kind === args[0]);
  const kind = named ?? 'serve';
  const problems: string[] = [];
  const values = readOptions(named ? args.slice(1) : args, OPTIONS[kind], problems);
  for (const [name, required] of Object.entries(OPTIONS[kind])) {
    if (required && !values.has(name)) problems.push(`--${name} is missing`);
  }
  const command = kind === 'serve' ? serveCommand(values, problems) : otherCommand(kind, values);
  if (problems.length === 0) return command;
  throw new UsageError(`Cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n\n${USAGE}`);
}

function readOptions(args: readonly string[], known: object, problems: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (!Object.hasOwn(known, name)) {
      problems.push(`unknown option '${argument}'`);
    } else if (FLAGS.includes(name)) {
      values.set(name, 'true');
    } else {
      const next = inline ?? args[index + 1] ?? '';
      const isValue = inline !== undefined || !next.startsWith('--');
      if (inline === undefined && isValue) index += 1;
      if (isValue && next !== '') values.set(name, next);
      else problems.push(`--${name} needs a value`);
    }
  }
  return values;
}

function serveCommand(values: Map<string, string>, problems: string[]): Command {
  const port = values.get('port') ?? '2113';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    problems.push(`--port must be a number from 0 to 65535, not '${port}'`);
  }
  const host = values.get('host') ?? '127.0.0.1';
  const certificate = values.get('tls-cert');
  const key = values.get('tls-key');
  if ((certificate === undefined) !== (key === undefined)) problems.push('--tls-cert and --tls-key go together');
  if (certificate === undefined && !values.has('insecure') && !isLoopback(host)) {
    problems.push(
      `--host ${host} can be reached from elsewhere: give --tls-cert and --tls-key, or --insecure to let everyone in`,
    );
  }
  const tls = certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
  return { kind: 'serve', folder: values.get('data') ?? '', host, port: Number(port), tls };
}

function otherCommand(kind: 'verify' | 'backup' | 'restore', values: Map<string, string>): Command {
  const folder = values.get('data') ?? '';
  return kind === 'verify' ? { kind, folder } : { kind, folder, file: values.get('to') ?? values.get('from') ?? '' };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
