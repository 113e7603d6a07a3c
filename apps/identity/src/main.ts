import { parseArgs } from 'node:util';
import { StartRefused, startIdentityProvider } from './provider.js';

const USAGE = 'Usage: main.js --port PORT --data FOLDER   (port 0 picks a free one)';

if (process.argv.includes('--help')) {
  console.log(USAGE);
  process.exit();
}

// stdout carries one line, for the program that started us.
console.log = console.info = console.debug = console.error;

try {
  const { port, host, folder } = readArguments();
  const provider = await startIdentityProvider({ port, host, folder });
  const stop = (): void => void provider.close().then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.once('disconnect', stop);
  process.stdout.once('error', stop);
  // The parent may have gone while we were starting.
  if (process.send && !process.connected) stop();
  else process.stdout.write(`${JSON.stringify({ ready: true, issuer: provider.issuer })}\n`);
  console.error('Development identity provider: its people are made up, its tokens are worth nothing elsewhere.');
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function readArguments(): { port: number; host: string | undefined; folder: string } {
  try {
    const options = { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' } } as const;
    const { port = '4001', host, data } = parseArgs({ options }).values;
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error(`--port ${port} is not a port (0 to 65535).`);
    if (!data) throw new Error('--data is missing: the folder where the provider keeps its keys.');
    return { port: Number(port), host, folder: data };
  } catch (cause) {
    throw new StartRefused(`${(cause as Error).message}\n${USAGE}`, { cause });
  }
}
