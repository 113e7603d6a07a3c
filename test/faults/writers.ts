import {
  LodestoneError,
  type CommandAccepted,
  type LodestoneClient,
  type Subscription,
} from '@adapters/lodestone-client';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from '../support/patience.js';
import { COUNTRIES, type Stage } from './stage.js';

const WRITERS = 20;
/** Between two commands of a writer, in milliseconds. */
const PAUSE_MS = 150;
const RETRY_PAUSE_MS = 200;

/** What a writer was told, and keeps. */
export type Acknowledged = Pick<CommandAccepted, 'commandId' | 'recordId' | 'receipt'> & {
  /** The record's title by this command. */
  readonly title: string;
};

/** Twenty people of several countries, who send each command until it is acknowledged, and one who reads and listens. */
export class Writers {
  /** Everything that was acknowledged, in the order in which each writer was told. */
  readonly acknowledged: Acknowledged[] = [];
  /** The title that a subscriber was told last, by record. */
  readonly told = new Map<string, string>();
  /** Answers that nobody may be given, whatever is the matter. */
  readonly wrong: string[] = [];
  readonly #counts: number[] = Array.from({ length: WRITERS }, () => 0);
  readonly #clients: readonly LodestoneClient[];
  readonly #reader: LodestoneClient;
  readonly #changes: Subscription<Changed>;
  #isWriting = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(private readonly platform: Stage['platform']) {
    this.#clients = this.#counts.map((_, writer) =>
      platform.as(COUNTRIES[writer % COUNTRIES.length]!, 'DELEGATE', `writer-${writer}`),
    );
    this.#reader = platform.as('JP', 'DELEGATE', 'reader');
    this.#changes = this.#reader.subscribe<Changed>(CHANGED);
    void this.#listen();
  }

  /** Begins to write, when the subscriber listens. */
  async start(): Promise<void> {
    await this.#changes.opened;
    this.#isWriting = true;
    this.#working = Promise.all([
      ...this.#clients.map((_, writer) => this.#write(writer)),
      this.#read(),
      this.#watch(),
    ]);
    this.#working.catch(() => undefined);
  }

  /** Resolves when each has been told of the command that it had sent. @throws what a writer gave up with */
  async stop(): Promise<void> {
    this.#isWriting = false;
    await this.#working;
  }

  /** How many commands were acknowledged, by writer. */
  get counts(): readonly number[] {
    return [...this.#counts];
  }

  /** Whether every writer was told of so many more since. @throws what a writer gave up with */
  async allHaveWritten(since: readonly number[], more: number): Promise<boolean> {
    await Promise.race([this.#working, pause(0)]);
    return this.#counts.every((count, writer) => count >= since[writer]! + more);
  }

  async #write(writer: number): Promise<void> {
    let record: string | null = null;
    for (let turn = 0; this.#isWriting; turn++) {
      const title = `${writer} ${randomUUID()}`;
      // A record of its own, and then another version of it.
      const accepted: CommandAccepted =
        record === null
          ? await this.#acknowledgedAt(writer, 'proposeProject', { ...PROJECT, title })
          : await this.#acknowledgedAt(writer, 'reviseProject', { id: record, title });
      record = record === null ? accepted.recordId : null;
      this.acknowledged.push({ ...accepted, title });
      this.#counts[writer]!++;
      await pause(Math.random() * PAUSE_MS);
    }
  }

  /** Sends a command until it is acknowledged, always with the same `commandId`. */
  async #acknowledgedAt(writer: number, mutation: string, input: object): Promise<CommandAccepted> {
    const commandId = randomUUID();
    const givesUpAt = performance.now() + 2 * PATIENCE_MS;
    for (;;) {
      try {
        const outcome = await this.#clients[writer]!.command(mutation, { ...input, commandId });
        if (outcome.accepted) return outcome;
        throw new Error(`${mutation} ${commandId} was refused: ${JSON.stringify(outcome)}`);
      } catch (error) {
        this.#judge(mutation, error);
        if (performance.now() > givesUpAt)
          throw new Error(`${mutation} ${commandId} is still not acknowledged`, { cause: error });
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  async #read(): Promise<void> {
    while (this.#isWriting) {
      const [last] = this.acknowledged.slice(-1);
      const asked = last
        ? this.#reader.query('query ($id: ID!) { me { isMember } project(id: $id) { title } }', { id: last.recordId })
        : this.#reader.query('{ me { isMember } projects(first: 5) { totalCount nodes { title } } }');
      await asked.catch((error: unknown) => this.#judge('a query', error));
      await pause(PAUSE_MS);
    }
  }

  /** One subscription for the whole run; the client takes it up again whenever its connection breaks. */
  async #listen(): Promise<void> {
    try {
      for await (const { projectChanged } of this.#changes)
        if (projectChanged.project) this.told.set(projectChanged.project.id, projectChanged.project.title);
    } catch (error) {
      this.#judge('the subscription', error);
      this.wrong.push(`the subscription ended: ${(error as Error).message}`);
    }
  }

  async #watch(): Promise<void> {
    while (this.#isWriting) {
      const health = new URL('/health/ready', this.platform.graphql);
      const response = await fetch(health, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
      if (response !== null && ![200, 503].includes(response.status))
        this.wrong.push(`health was answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
      else await response?.body?.cancel().catch(() => undefined);
      await pause(PAUSE_MS);
    }
  }

  /** An outage may be told, by its own code; anything else is wrong. */
  #judge(what: string, error: unknown): void {
    if (error instanceof LodestoneError && error.isOutage && !UNFORESEEN.includes(error.code)) return;
    const { code, status, correlationId } = error as Partial<LodestoneError>;
    const told = error instanceof LodestoneError ? `answered ${code} (${status}, ${correlationId}): ` : '';
    this.wrong.push(`${what} was ${told}${(error as Error).message}`);
  }
}

/** Codes of an answer that nobody thought of, whatever its status is. */
const UNFORESEEN = ['INTERNAL', 'UNKNOWN', 'NOT_GRAPHQL'];

const CHANGED = 'subscription ($after: Cursor) { projectChanged(after: $after) { cursor project { id title } } }';
type Changed = { projectChanged: { cursor: string; project: { id: string; title: string } | null } };

const PROJECT = {
  materials: ['gallium'],
  stages: ['REFINING'],
  hostCountry: 'AU',
  marking: { releaseTo: ['MEMBERS'] },
};
