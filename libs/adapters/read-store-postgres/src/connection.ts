import type { Client, ClientConfig } from 'pg';

/** How often a connection that waits is asked for a sign of life, in milliseconds. */
export const HEARTBEAT_MS = 5_000;
/** How long one question of the projector may take, in milliseconds: its batches are of a thousand events. */
const ANSWER_MS = 15_000;
const FAREWELL_MS = 1_000;

/** The other side of a connection can be gone without a word; TCP asks for a sign of life, and so does the server. */
export const WATCHED: ClientConfig = { keepAlive: true, keepAliveInitialDelayMillis: HEARTBEAT_MS };

/** The client itself ends a question that nobody answers: a limit of the server's is kept by a server that may be gone. */
export const ANSWERED: ClientConfig = { ...WATCHED, query_timeout: ANSWER_MS };

/** What a session that is silent for three heartbeats holds, its locks above all, goes to whoever waits for it. */
export const END_WHEN_SILENT = `SET idle_session_timeout = ${3 * HEARTBEAT_MS}; SET idle_in_transaction_session_timeout = ${3 * HEARTBEAT_MS}`;

/** Ends a connection, whether the other side answers or not. */
export const ended = async (client: Client): Promise<void> => {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, FAREWELL_MS);
  await Promise.race([client.end().catch(() => undefined), late.promise]);
  clearTimeout(timer);
  (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
};

/** Work within a transaction that goes on where the work fails. */
export const savedFrom = async (client: Client, work: () => Promise<void>): Promise<void> => {
  await client.query('SAVEPOINT work');
  try {
    await work();
    await client.query('RELEASE SAVEPOINT work');
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT work');
    throw error;
  }
};
