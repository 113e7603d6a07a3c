import { CannotDo, Refuted } from '@foundation/configuration';
import {
  type Checkpoint,
  decodeTile,
  inclusionProof,
  nodesFromTiles,
  parseCheckpoint,
  parseSignedNote,
  TILE_WIDTH,
  type TileId,
  tilePath,
  tileWidth,
  toBase64,
} from '@foundation/transparency';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chunkLine, headerLine, leafLine, trailerLine } from './bundle.js';
import { chunkNodes, chunksIn } from './chunks.js';
import type { Contents, Leaf } from './contents.js';
import type { LogSource } from './log-source.js';

/** Tiles that are kept at hand: those above a chunk are the same for many. */
const TILES_AT_HAND = 64;

export type Exported = {
  readonly first: number;
  readonly end: number;
  readonly size: number;
  readonly contents: number;
};

/**
 * Writes a bundle. The file appears under its name when it is whole.
 *
 * @param range leaves from the first to before the end; to the checkpoint's size where left out
 */
export const exportBundle = async (
  source: LogSource,
  contents: Contents,
  file: string,
  range: { readonly first?: number; readonly end?: number } = {},
): Promise<Exported> => {
  const checkpoint = await source.checkpoint();
  const { origin, size } = parsed(checkpoint);
  const { first = 0, end = size } = range;
  if (first > end || end > size) {
    throw new CannotDo(`There are no leaves from ${first} to ${end}: the checkpoint covers ${size}.`);
  }
  const written = { first, end, size, contents: 0 };
  async function* lines(): AsyncGenerator<string> {
    yield headerLine({ origin, first, end, checkpoint });
    const read = atHand(source);
    const nodes = nodesFromTiles(read, size);
    const hashesOf = async (chunk: number) => {
      const width = tileWidth(0, chunk, size);
      return decodeTile((await read({ level: 0, index: chunk, width })).subarray(0, width * 32), width);
    };
    const chunks = chunkNodes(nodes, size, () => hashesOf(chunksIn(size) - 1));
    const chunksEnd = first === end ? 0 : chunksIn(end);
    for (let chunk = Math.floor(first / TILE_WIDTH); chunk < chunksEnd; chunk++) {
      const hashes = await hashesOf(chunk);
      const proof = await inclusionProof(chunks, chunk, chunksIn(size));
      const texts = await source.leaves(chunk, hashes.length);
      const start = chunk * TILE_WIDTH;
      const from = Math.max(first, start) - start;
      const own = texts.slice(from, end - start);
      const found = await contents.of(
        own.map((text, at) => leafIn(text, start + from + at)),
        start + from,
      );
      written.contents += found.filter((content) => content !== null).length;
      yield (
        chunkLine(chunk, toBase64(Buffer.concat(hashes)), proof.map(toBase64)) +
        own.map((text, at) => leafLine(start + from + at, text, found[at]!)).join('')
      );
    }
    yield trailerLine(end - first);
  }
  const unfinished = `${file}.unfinished`;
  try {
    await pipeline(Readable.from(lines()), createWriteStream(unfinished, { mode: 0o600 }));
    renameSync(unfinished, file);
    return written;
  } finally {
    rmSync(unfinished, { force: true });
  }
};

const parsed = (note: string): Checkpoint => {
  try {
    return parseCheckpoint(parseSignedNote(note).text);
  } catch (cause) {
    throw new CannotDo('What was answered as the checkpoint of the log is none', { cause });
  }
};

/** @throws Refuted: what was logged was JSON */
const leafIn = (text: string, index: number): Leaf => {
  try {
    return JSON.parse(text) as Leaf;
  } catch (cause) {
    throw new Refuted(`Leaf ${index} of the log cannot be read: it was changed`, { cause });
  }
};

const atHand = (source: LogSource) => {
  const kept = new Map<string, Uint8Array>();
  return async (tile: TileId): Promise<Uint8Array> => {
    const path = tilePath(tile);
    const known = kept.get(path) ?? (await source.tile(tile));
    kept.delete(path);
    kept.set(path, known);
    if (kept.size > TILES_AT_HAND) kept.delete(kept.keys().next().value!);
    return known;
  };
};
