import { LodestoneError, type LodestoneClient } from '@adapters/lodestone-client';
import { EventStoreDBClient } from '@eventstore/db-client';
import { openReceipt } from '@foundation/eventing';
import { parseSignerKey, type VerifierKey } from '@foundation/transparency';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyOf } from '../../apps/auditor/src/command.js';
import { HttpLog } from '../../apps/auditor/src/log-source.js';
import { fatesInLog } from '../../apps/auditor/src/receipts.js';
import { audit } from '../audit/support.js';
import { until } from '../support/waiting.js';
import type { Stage } from './stage.js';
import type { Acknowledged } from './writers.js';

/** An event that a command made, and its place among all. */
type Made = { readonly id: string; readonly stream: string; readonly index: number };

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

  /** Every command made the events that its receipt names, and no others; none is stamped before an earlier one of its record. */
  async recorded(acknowledged: readonly Acknowledged[]): Promise<string[]> {
    const { made, wrong } = await this.#history();
    for (const { commandId, recordId, receipt } of acknowledged) {
      const events = made.get(commandId) ?? [];
      const promised = openReceipt(receipt!, this.#receiptKeys).leaves.map(({ eventId }) => eventId);
      const isAsPromised = events.map(({ id }) => id).join() === promised.join();
      if (!isAsPromised || events.some(({ stream }) => !stream.endsWith(recordId)))
        wrong.push(`command ${commandId} made ${JSON.stringify(events)} and was promised ${promised.join()}`);
    }
    return wrong;
  }

  /** The auditor finds the leaves of every receipt in the log, each where its event stands in the history. */
  async logged(acknowledged: readonly Acknowledged[]): Promise<string[]> {
    const { made } = await this.#history();
    const policy = policyOf(join(this.stage.platform.folder, 'log', 'policy'));
    const log = new HttpLog(this.stage.platform.log, null);
    const wrong: string[] = [];
    for (const { commandId, receipt } of acknowledged) {
      const promised = openReceipt(receipt!, this.#receiptKeys);
      const places = made.get(commandId)?.map(({ index }) => index);
      const found = await until(`the log holds the events of command ${commandId}`, async () => {
        const fates = await fatesInLog(promised, log, policy, Date.now());
        const indexes = fates.map((each) => (each.fate === 'included' ? each.index : null));
        return indexes.includes(null) ? null : indexes;
      }).catch((error: Error) => error);
      if (found instanceof Error) wrong.push(found.message);
      else if (found.join() !== places?.join())
        wrong.push(`the log has command ${commandId} at ${found.join()}, and the history at ${places?.join()}`);
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

  get #receiptKeys(): VerifierKey[] {
    return [parseSignerKey(readFileSync(join(this.stage.platform.folder, 'receipt.key'), 'utf8')).verifier];
  }

  /** The events of each command, with their places among all, and what is wrong with their stamps. */
  async #history(): Promise<{ made: Map<string, Made[]>; wrong: string[] }> {
    const store = EventStoreDBClient.connectionString(this.stage.history);
    const made = new Map<string, Made[]>();
    const stamps = new Map<string, string>();
    const wrong: string[] = [];
    try {
      let index = 0;
      for await (const { event } of store.readAll()) {
        if (!event || event.type.startsWith('$')) continue;
        const { commandId, recordedAt } = event.metadata as { commandId: string; recordedAt: string };
        const { id, streamId: stream } = event;
        made.set(commandId, [...(made.get(commandId) ?? []), { id, stream, index: index++ }]);
        if (recordedAt < (stamps.get(stream) ?? ''))
          wrong.push(`event ${id} of ${stream} is stamped before the one before it`);
        stamps.set(stream, recordedAt);
      }
      return { made, wrong };
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
