import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { until } from '../support/waiting.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

let platform: RunningPlatform;
beforeAll(async () => {
  platform = await startPlatform({ HISTORY_CHECK_SECONDS: '1' });
  const secretariat = platform.as(null, 'SECRETARIAT');
  expect(await secretariat.command('admitMember', { country: 'JP', since: '2026-05-01' })).toMatchObject({
    accepted: true,
  });
});

const ready = async (): Promise<{ readonly status: number; readonly log: string }> => {
  const response = await fetch(new URL('/health/ready', platform.graphql));
  return { status: response.status, ...((await response.json()) as { log: string }) };
};
/** The process number of a program that the launcher keeps running. */
const pidOf = (program: string): number => {
  const { programs } = JSON.parse(readFileSync(join(platform.folder, 'running.json'), 'utf8')) as {
    programs: Record<string, number>;
  };
  return programs[program]!;
};
const tells = (log: string): Promise<unknown> =>
  until(`the node says that the log is ${log}`, async () => (await ready()).log === log);

describe('What a node says of the verifiable log over HTTP', () => {
  it('is that it does not answer while it is stopped, and that it keeps up again; people are not sent elsewhere', async () => {
    await tells('up');
    process.kill(pidOf('sequencer'), 'SIGSTOP');
    await tells('unreachable');
    expect(await ready()).toMatchObject({ status: 200 });
    const outcome = await platform.as('JP', 'DELEGATE').command('foundGroup', { name: 'G', members: [] });
    expect(outcome).toMatchObject({ accepted: true, receipt: expect.any(String) });
    process.kill(pidOf('sequencer'), 'SIGCONT');
    await tells('up');
    expect(platform.said).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the verifiable log does not answer'),
        expect.stringContaining('the verifiable log keeps up again'),
      ]),
    );
  });

  it('is that it is not continued once it has found itself contradicted', async () => {
    await tells('up');
    const log = new DatabaseSync(join(platform.folder, 'log', 'log.db'));
    log.exec('PRAGMA busy_timeout = 10000');
    log.exec(`UPDATE leaf SET text = replace(text, '"party":"SECRETARIAT"', '"party":"JP"')`);
    log.close();
    await tells('stopped');
    expect(await ready()).toMatchObject({ status: 200 });
    expect((await fetch(`${platform.log}/health`)).status).toBe(503);
  });
});
