import { LodestoneError, type LodestoneClient } from '@adapters/lodestone-client';
import { EventStoreDBClient } from '@eventstore/db-client';
import { openReceipt } from '@foundation/eventing';
import { parseSignerKey } from '@foundation/transparency';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyOf } from '../../apps/auditor/src/command.js';
import { HttpLog } from '../../apps/auditor/src/log-source.js';
import { fatesInLog } from '../../apps/auditor/src/receipts.js';
import { audit } from '../audit/support.js';
import { until } from '../support/waiting.js';
import type { Stage } from './stage.js';
import type { Acknowledged } from './writers.js';

/** That nothing acknowledged is missing anywhere; each answers what is, in sentences. */
export class Checks {
  readonly #reader: LodestoneClient;

  constructor(private readonly stage: Stage) {
    this.#reader = stage.platform.as('JP', 'DELEGATE', 'inspector');
  }

  /** Waits until the platform says that it is well. */
  async isWell(): Promise<void> {
    await until('the platform says that it is well', async () => {
      const { status } = await fetch(new URL('/health/ready', this.stage.platform.graphql));
      return status === 200;
    });
  }

  /**
   * Every command made the events that its receipt names, and no others; their leaves stand where they stand; no event of
   * a record is stamped before an earlier one.
   */
  async recordedAndLogged(acknowledged: readonly Acknowledged[]): Promise<string[]> {
    const wrong: string[] = [];
    const history = await this.#history(wrong);
    const { folder, log } = this.stage.platform;
    const policy = policyOf(join(folder, 'log', 'policy'));
    const { verifier } = parseSignerKey(readFileSync(join(folder, 'receipt.key'), 'utf8'));
    const source = new HttpLog(log, null);
    for (const { commandId, recordId, receipt } of acknowledged) {
      const opened = openReceipt(receipt!, [verifier]);
      const made = history.get(commandId) ?? [];
      const promised = opened.leaves.map(({ eventId }) => eventId);
      if (made.map(({ id }) => id).join() !== promised.join() || made.some(({ stream }) => !stream.endsWith(recordId)))
        wrong.push(`command ${commandId} made ${JSON.stringify(made)} and was promised ${promised.join()}`);
      const fates = await until(`the log holds the events of command ${commandId}`, async () => {
        const all = await fatesInLog(opened, source, policy, Date.now());
        return all.every(({ fate }) => fate === 'included') ? all : null;
      }).catch((error: Error) => error);
      if (fates instanceof Error) wrong.push(fates.message);
      else if (fates.some((each, at) => each.fate !== 'included' || each.index !== made[at]?.index))
        wrong.push(
          `the log has command ${commandId} at another place: ${JSON.stringify(fates.map(({ fate }) => fate))}`,
        );
    }
    return wrong;
  }

  /** Every record is shown as the last command to it made it. */
  async shown(acknowledged: readonly Acknowledged[]): Promise<string[]> {
    const wanted = new Map(acknowledged.map(({ recordId, title }) => [recordId, title]));
    await until('every record is shown', async () => {
      await this.#takeShown(wanted);
      return wanted.size === 0;
    }).catch((error: Error) => {
      if (error.cause instanceof LodestoneError && !error.cause.isOutage) throw error;
    });
    return [...wanted].map(([id, title]) => `the read models lack record ${id} with the title "${title}"`);
  }

  /** A subscriber was told of every record as the last command to it made it. */
  async told(acknowledged: readonly Acknowledged[], told: ReadonlyMap<string, string>): Promise<string[]> {
    const last = [...new Map(acknowledged.map(({ recordId, title }) => [recordId, title]))];
    const untold = () => last.filter(([id, title]) => told.get(id) !== title);
    await until('the subscriber is told', () => untold().length === 0).catch(() => undefined);
    return untold().map(([id, title]) => `the subscriber was not told of record ${id} with the title "${title}"`);
  }

  /** The auditor's word on the whole of it. */
  async verified(): Promise<string[]> {
    const { folder } = this.stage.platform;
    const data = join(folder, 'log');
    const options = ['--event-store', this.stage.history, '--data', data, '--policy', join(data, 'policy')];
    const { code, output } = await audit('verify-history', ...options);
    return code === 0 ? [] : [`the auditor does not verify the history (${code}): ${output}`];
  }

  /** The events of each command, with their places among all. */
  async #history(wrong: string[]): Promise<Map<string, { id: string; stream: string; index: number }[]>> {
    const store = EventStoreDBClient.connectionString(this.stage.history);
    const made = new Map<string, { id: string; stream: string; index: number }[]>();
    try {
      let index = 0;
      const stamps = new Map<string, string>();
      for await (const { event } of store.readAll()) {
        if (!event || event.type.startsWith('$')) continue;
        const { commandId, recordedAt } = event.metadata as { commandId: string; recordedAt: string };
        const { id, streamId: stream } = event;
        if (recordedAt < (stamps.get(stream) ?? ''))
          wrong.push(`event ${id} of ${stream} is stamped before the one before it`);
        stamps.set(stream, recordedAt);
        made.set(commandId, [...(made.get(commandId) ?? []), { id, stream, index: index++ }]);
      }
      return made;
    } finally {
      await store.dispose();
    }
  }

  /** Goes through the newest records until all are found. */
  async #takeShown(wanted: Map<string, string>): Promise<void> {
    let after: string | null = null;
    do {
      const { projects }: Page = await this.#reader.query<Page>(PAGE, { after });
      for (const { id, title } of projects.nodes) if (wanted.get(id) === title) wanted.delete(id);
      after = projects.pageInfo.hasNextPage ? projects.pageInfo.endCursor : null;
    } while (wanted.size > 0 && after !== null);
  }
}

const PAGE = `query ($after: Cursor) { projects(first: 200, after: $after, orderBy: { field: PROPOSED_AT, direction: DESC }) {
  nodes { id title } pageInfo { hasNextPage endCursor } } }`;
type Page = {
  projects: { nodes: { id: string; title: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
};
