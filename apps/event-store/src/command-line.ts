/** What the process was asked to do. */
export interface ServeCommand {
  kind: 'serve';
  host: string;
  port: number;
  folder: string;
  tls: { certificate: string; key: string } | undefined;
  insecure: boolean;
}

export const USAGE = `Usage: event-store --data DIR [--port 2113] [--host 127.0.0.1] [--tls-cert FILE --tls-key FILE] [--insecure]

  --data DIR       folder of the event file, made where it is missing
  --port N         port to listen on, 0 for any free one (2113)
  --host HOST      address to listen on (127.0.0.1)
  --tls-cert FILE  certificate chain in PEM; with --tls-key it switches TLS and the check of credentials on
  --tls-key FILE   its private key in PEM
  --insecure       allow plaintext without credentials on an address other than loopback`;

/** The command line names options that do not exist or have no usable value. */
export class UsageError extends Error {}

const VALUED = ['data', 'port', 'host', 'tls-cert', 'tls-key'] as const;

/** @throws UsageError naming every option that is wrong. */
export function parseCommandLine(args: readonly string[]): ServeCommand {
  const problems: string[] = [];
  const values = new Map<string, string>();
  let insecure = false;
  for (let index = 0; index < args.length; index += 1) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(args[index] ?? '') ?? [];
    if (name === 'insecure' && inline === undefined) insecure = true;
    else if (name === undefined || !VALUED.some((known) => known === name))
      problems.push(`unknown option '${args[index]}'`);
    else {
      const value = inline ?? args[index + 1];
      if (inline === undefined) index += 1;
      if (value === undefined || value === '' || (inline === undefined && value.startsWith('--')))
        problems.push(`--${name} needs a value`);
      else values.set(name, value);
    }
  }
  const port = values.get('port') ?? '2113';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    problems.push(`--port must be a number from 0 to 65535, not '${port}'`);
  const folder = values.get('data');
  if (folder === undefined && !problems.some((problem) => problem.startsWith('--data')))
    problems.push('--data is missing');
  const host = values.get('host') ?? '127.0.0.1';
  const certificate = values.get('tls-cert');
  const key = values.get('tls-key');
  if ((certificate === undefined) !== (key === undefined)) problems.push('--tls-cert and --tls-key go together');
  if (certificate === undefined && !insecure && !isLoopback(host)) {
    problems.push(
      `--host ${host} can be reached from elsewhere: give --tls-cert and --tls-key, or --insecure to let everyone in`,
    );
  }
  if (problems.length > 0)
    throw new UsageError(`Cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n\n${USAGE}`);
  return {
    kind: 'serve',
    host,
    port: Number(port),
    folder: folder ?? '',
    tls: certificate !== undefined && key !== undefined ? { certificate, key } : undefined,
    insecure,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
