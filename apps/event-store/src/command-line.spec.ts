import { describe, expect, it } from '@jest/globals';

import { parseCommandLine, UsageError } from './command-line.js';

const problemsOf = (...args: string[]): string[] => {
  try {
    parseCommandLine(args);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.slice(4));
  }
};

describe('the command line', () => {
  it('serves on loopback and port 2113 unless told otherwise', () => {
    const serve = { kind: 'serve', folder: 'here', host: '127.0.0.1', port: 2113, tls: undefined };
    expect(parseCommandLine(['--data', 'here'])).toEqual(serve);
    expect(parseCommandLine(['--data=here', '--port=0'])).toEqual({ ...serve, port: 0 });
    expect(parseCommandLine(['--data', 'here', '--host', '0.0.0.0', '--insecure'])).toEqual({
      ...serve,
      host: '0.0.0.0',
    });
    const tls = { certificate: 'c.pem', key: 'k.pem' };
    expect(parseCommandLine(['--data', 'here', '--host', '::', '--tls-cert', 'c.pem', '--tls-key', 'k.pem'])).toEqual({
      ...serve,
      host: '::',
      tls,
    });
  });

  it('names everything that is wrong at once', () => {
    expect(problemsOf('--port', '70000', '--colour', 'red', '--tls-cert', 'c.pem')).toEqual([
      "unknown option '--colour'",
      "unknown option 'red'",
      '--data is missing',
      "--port must be a number from 0 to 65535, not '70000'",
      '--tls-cert and --tls-key go together',
    ]);
    expect(problemsOf('--data', '--port', '1')).toEqual(['--data needs a value', '--data is missing']);
    expect(problemsOf('--data', 'here', '--host', '10.0.0.1')).toEqual([
      expect.stringMatching('--host 10.0.0.1 can be reached from elsewhere'),
    ]);
  });

  it('knows verify, backup and restore, each with its own options', () => {
    expect(parseCommandLine(['verify', '--data', 'here'])).toEqual({ kind: 'verify', folder: 'here' });
    expect(parseCommandLine(['backup', '--data', 'here', '--to', 'f'])).toEqual({
      kind: 'backup',
      folder: 'here',
      file: 'f',
    });
    expect(parseCommandLine(['restore', '--from', 'f', '--data', 'here'])).toEqual({
      kind: 'restore',
      folder: 'here',
      file: 'f',
    });
    expect(problemsOf('verify', '--data', 'here', '--port', '1')).toEqual([
      "unknown option '--port'",
      "unknown option '1'",
    ]);
    expect(problemsOf('backup')).toEqual(['--data is missing', '--to is missing']);
  });
});
