import { setTimeout as pause } from 'node:timers/promises';
import {
  LodestoneError,
  type CommandAccepted,
  type CommandRejected,
  type LodestoneClient,
} from '@adapters/lodestone-client';
import type { Progress } from './progress.js';
import type { RowToIssue } from './row.js';
import type { Source } from './source.js';
import type { Tally } from './tally.js';

/** Commands under way at once. */
const IN_FLIGHT = 16;
/** How long a command is tried again while a part of the platform is away. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Issues the rows of a source and counts what became of them.
 * @throws LodestoneError when the platform stays away or the token is no longer accepted; the tally says how far it came
 */
export const importSource = async (
  source: Source,
  client: LodestoneClient,
  tally: Tally,
  progress: Progress,
): Promise<void> => {
  const before = await source.shown?.(client);
  const accepted: { readonly key: string; readonly outcome: CommandAccepted }[] = [];
  try {
    await concurrently(source.rows, async (row) => {
      if ('skipped' in row) tally.skip(row.skipped);
      else if ('rejected' in row) tally.reject({ line: row.line, subject: null, reason: row.rejected });
      else {
        const outcome = await issued(row, client, progress);
        const left = outcome.accepted ? undefined : source.leavesAlone?.[outcome.code];
        if (left !== undefined) tally.skip(left);
        else if (!outcome.accepted) tally.reject({ line: row.line, subject: row.subject, reason: reasonOf(outcome) });
        else if (before) accepted.push({ key: row.key ?? outcome.recordId, outcome });
        else if (outcome.recorded) tally.recorded++;
        else tally.alreadyThere++;
      }
      progress.advance();
    });
  } finally {
    // A repeated command is answered as the first time, so what was there already is told from what was shown before.
    if (before) await countNew(source, client, before, accepted, tally);
    tally.rejected.sort((a, b) => a.line - b.line);
  }
};

const countNew = async (
  source: Source,
  client: LodestoneClient,
  before: ReadonlySet<string>,
  accepted: readonly { readonly key: string; readonly outcome: CommandAccepted }[],
  tally: Tally,
): Promise<void> => {
  const isNew = accepted.filter(({ key }) => !before.has(key));
  tally.alreadyThere += accepted.length - isNew.length;
  if (isNew.length === 0) return;
  const positions = accepted.map(({ outcome }) => outcome.position);
  const now = await shownAfter(source, client, positions).catch(() => null);
  for (const { key } of isNew) {
    // Where the platform has gone away meanwhile, its answers are all there is to go by.
    if (now === null || now.has(key)) tally.recorded++;
    else tally.skip('imported before and taken off since: left as it is');
  }
};

/** What is shown once all these writes are. Positions are opaque; the latest is one of those that were answered last. */
const shownAfter = async (
  source: Source,
  client: LodestoneClient,
  positions: readonly string[],
): Promise<ReadonlySet<string>> => {
  const shown = await Promise.all(positions.slice(-IN_FLIGHT).map((position) => source.shown!(client, position)));
  return new Set(shown.flatMap((keys) => [...keys]));
};

/** Sends a command until it is answered: the same id makes sure that it is recorded once at most. */
const issued = async (
  { mutation, input }: RowToIssue,
  client: LodestoneClient,
  progress: Progress,
): Promise<CommandAccepted | CommandRejected> => {
  const givesUpAt = performance.now() + PATIENCE_MS;
  for (let failures = 0; ; failures++) {
    try {
      return await client.command(mutation, input);
    } catch (error) {
      if (!(error instanceof LodestoneError) || error.code === 'UNAUTHENTICATED') throw error;
      if (!error.isOutage) return { accepted: false, code: error.code, message: error.message, details: {} };
      if (performance.now() > givesUpAt) throw error;
      progress.waits(error.message.split('. ')[0]!);
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
    }
  }
};

const reasonOf = ({ code, message }: CommandRejected): string =>
  code === 'COMMAND.ID_REUSED'
    ? 'was imported before with other particulars, which stand; change them by a command of their own'
    : message;

/** Works off the items in order, a bounded number at once; the first failure ends it once all under way have ended. */
const concurrently = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (hasFailed) return;
      await work(item).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
};
