import { startEmbeddedPostgres } from '@adapters/postgres-embedded';
import type { Running } from './kept-running.js';

/**
 * Starts the embedded PostgreSQL; answers its address.
 * @param before its address at the first start, to be taken again
 */
export const launchDatabase = async (
  dataFolder: string,
  before: string | null,
  onProgress: (step: string) => void,
  signal: AbortSignal,
): Promise<Running<string>> => {
  const port = before === null ? 0 : Number(new URL(before).port);
  const { url, exited, stop } = await startEmbeddedPostgres({ dataFolder, port, onProgress, signal });
  return { answer: url, ended: exited.then(() => 'see postgres.log in its folder'), stop };
};
