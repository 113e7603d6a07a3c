import {
  decodeTile,
  fromBase64,
  type Hash,
  HASH_LENGTH,
  isHash,
  leafHash,
  MerkleTree,
  requireInclusion,
  rootOf,
  TILE_WIDTH,
  tileWidth,
  TransparencyError,
  type WitnessedCheckpoint,
} from '@foundation/transparency';
import { hash as digest } from 'node:crypto';
import {
  BUNDLE_FORMAT,
  type BundleHeader,
  chunkLine,
  CONTENT_MARK,
  DATA_MARK,
  headerLine,
  leafPrefix,
  SALT_CHARACTERS,
  trailerLine,
} from './bundle.js';
import { BundleRefused } from './bundle-refused.js';
import { chunksIn } from './chunks.js';
import { forked, openTrusted, type Trust } from './trusted-checkpoint.js';

export type Verified = {
  readonly checkpoint: WitnessedCheckpoint;
  readonly first: number;
  readonly end: number;
  /** How many events came with their content, each as it was committed to. */
  readonly contents: number;
};

/** Called for each leaf that is proved. */
export type OnLeaf = (index: number, hash: Hash, line: Buffer) => void;

/** Takes the lines of a bundle one after the other. */
export class BundleVerifier {
  #header: (BundleHeader & { readonly opened: WitnessedCheckpoint }) | null = null;
  #next = 0;
  #hashes: readonly Hash[] = [];
  #hashesFrom = 0;
  #contents = 0;
  #ended = false;
  #lines = 0;
  /** Over the roots of chunks, for the comparison with a known checkpoint. */
  readonly #chunks = new MerkleTree();

  constructor(
    private readonly trust: Trust,
    private readonly onLeaf: OnLeaf,
  ) {}

  line(line: Buffer): void {
    this.#lines++;
    if (this.#ended) throw this.#malformed('it goes on behind its end');
    if (this.#header === null) return this.#readHeader(line);
    const isCovered = this.#next >= this.#hashesFrom && this.#next < this.#hashesFrom + this.#hashes.length;
    if (this.#next === this.#header.end) return this.#readTrailer(line);
    if (isCovered) return this.#readLeaf(line);
    this.#readChunk(line);
  }

  /** @param cutOff whether the file's last line lacks its newline */
  end(cutOff: boolean): Verified {
    if (this.#header === null)
      throw new BundleRefused('TRUNCATED', 'The bundle is empty, or cut off in its first line.');
    if (cutOff || !this.#ended) {
      const { end } = this.#header;
      throw new BundleRefused(
        'TRUNCATED',
        `The bundle is cut off: it announces the leaves to ${end}, and ends ${this.#next < end ? `before leaf ${this.#next}` : 'before its last line'}.`,
        this.#next < end ? this.#next : null,
      );
    }
    const { opened, first, end } = this.#header;
    return { checkpoint: opened, first, end, contents: this.#contents };
  }

  #readHeader(line: Buffer): void {
    const { bundle, origin, first, end, checkpoint } = this.#json(line) as Partial<BundleHeader> & { bundle?: string };
    if (bundle !== BUNDLE_FORMAT) throw this.#malformed(`it does not begin as a bundle (${BUNDLE_FORMAT})`);
    if (typeof checkpoint !== 'string') throw this.#malformed('it has no checkpoint');
    const opened = openTrusted(checkpoint, this.trust);
    if (origin !== opened.origin)
      throw this.#malformed(`it is said to be of ${origin}, and its checkpoint is of ${opened.origin}`);
    if (!isCount(first) || !isCount(end) || first > end) throw this.#malformed('its range is none');
    if (end > opened.size) {
      throw new BundleRefused(
        'CHECKPOINT_REPLAYED',
        `The bundle announces the leaves to ${end}, and its checkpoint covers ${opened.size}: an older one was put in its place.`,
        opened.size,
      );
    }
    this.#requireSpelling(line, headerLine({ origin, first, end, checkpoint }));
    this.#requireComparable(opened, first, end);
    this.#header = { origin, first, end, checkpoint, opened };
    this.#next = first;
  }

  /** The range is chosen by whoever made the bundle: one that leaves out what a known checkpoint covers proves nothing. */
  #requireComparable({ size }: WitnessedCheckpoint, first: number, end: number): void {
    const { known } = this.trust;
    if (!known || known.size === 0 || known.size === size || (first === 0 && end >= known.size)) return;
    throw this.#malformed(
      `it holds the leaves ${first} to ${end}, and only one from leaf 0 to ${known.size} or beyond can be held against the known checkpoint of ${known.size} leaves`,
    );
  }

  #readChunk(line: Buffer): void {
    const { size, root } = this.#header!.opened;
    const expected = Math.floor(this.#next / TILE_WIDTH);
    const { chunk, hashes, proof } = this.#json(line) as { chunk?: unknown; hashes?: unknown; proof?: unknown };
    const where = `the leaves ${expected * TILE_WIDTH} to ${Math.min(size, (expected + 1) * TILE_WIDTH) - 1}`;
    if (chunk !== expected) {
      throw new BundleRefused('LEAF_MISSING', `The hashes of ${where} are missing in line ${this.#lines}.`, this.#next);
    }
    const bytes = typeof hashes === 'string' ? fromBase64(hashes) : undefined;
    const path = Array.isArray(proof)
      ? proof.map((each) => (typeof each === 'string' ? fromBase64(each) : undefined))
      : [];
    const width = tileWidth(0, expected, size);
    if (bytes?.length !== width * HASH_LENGTH || !Array.isArray(proof) || !path.every(isHash)) {
      throw new BundleRefused(
        'PROOF_REFUSED',
        `The hashes or the proof of ${where} are none (line ${this.#lines}).`,
        this.#next,
      );
    }
    this.#requireSpelling(line, chunkLine(expected, hashes as string, proof as string[]));
    const own = decodeTile(bytes, width);
    const chunkRoot = rootOf(own);
    try {
      requireInclusion(expected, chunksIn(size), chunkRoot, path as Hash[], root);
    } catch (error) {
      if (!(error instanceof TransparencyError)) throw error;
      throw new BundleRefused(
        'PROOF_REFUSED',
        `The hashes of ${where} do not lead to the root of the checkpoint: hashes or proof were edited (line ${this.#lines}).`,
        this.#next,
      );
    }
    this.#hashes = own;
    this.#hashesFrom = expected * TILE_WIDTH;
    this.#compareWithKnown(own, chunkRoot);
  }

  #compareWithKnown(hashes: readonly Hash[], chunkRoot: Hash): void {
    const { known } = this.trust;
    if (!known || this.#header!.first > 0) return;
    const within = known.size - this.#hashesFrom;
    if (within > 0 && within <= hashes.length) {
      const then = MerkleTree.resume(this.#chunks.size, this.#chunks.peaks);
      then.append(rootOf(hashes.slice(0, within)));
      if (!same(then.root(), known.root)) throw forked(known);
    }
    this.#chunks.append(chunkRoot);
  }

  #readLeaf(line: Buffer): void {
    const index = this.#next;
    const prefix = leafPrefix(index);
    if (line.toString('latin1', 0, prefix.length) !== prefix) throw this.#misnumbered(line, index);
    const mark = line.indexOf(CONTENT_MARK, prefix.length, 'latin1');
    const leaf = line.subarray(prefix.length, mark < 0 ? line.length - 1 : mark);
    const hash = leafHash(leaf);
    if (!same(hash, this.#hashes[index - this.#hashesFrom]!)) throw this.#changed(leaf, hash, index);
    if (line[line.length - 1] !== CLOSING) throw this.#malformed(`leaf ${index} has no end`);
    if (mark >= 0) this.#readContent(line, mark, leaf, index);
    this.onLeaf(index, hash, line);
    this.#next++;
  }

  #readContent(line: Buffer, mark: number, leaf: Buffer, index: number): void {
    const saltAt = mark + CONTENT_MARK.length;
    const dataMark = saltAt + SALT_CHARACTERS;
    const dataAt = dataMark + DATA_MARK.length;
    const salt = line.toString('latin1', saltAt, dataMark);
    const bytes = Buffer.from(salt, 'base64url');
    const isWhole =
      bytes.toString('base64url') === salt &&
      line.toString('latin1', dataMark, dataAt) === DATA_MARK &&
      line.toString('latin1', line.length - 2) === '}}';
    const data = line.subarray(dataAt, line.length - 2);
    if (!isWhole || digest('sha256', Buffer.concat([bytes, data]), 'base64url') !== payloadDigestIn(leaf)) {
      const eventId = eventIdIn(leaf);
      throw new BundleRefused(
        'CONTENT_CHANGED',
        `The content of event ${eventId} (leaf ${index}) is not what was committed to: it was changed.`,
        index,
        eventId,
      );
    }
    this.#contents++;
  }

  #misnumbered(line: Buffer, index: number): BundleRefused {
    const found = /^\{"index":(0|[1-9]\d{0,15}),"leaf":/.exec(line.toString('latin1', 0, 40))?.[1];
    if (found === undefined)
      return new BundleRefused('LEAF_MISSING', `Leaf ${index} is missing: line ${this.#lines} is none.`, index);
    return Number(found) > index
      ? new BundleRefused('LEAF_MISSING', `Leaf ${index} is missing: leaf ${found} stands in its place.`, index)
      : new BundleRefused(
          'LEAF_MISPLACED',
          `Leaf ${found} stands where leaf ${index} belongs: the order was changed.`,
          index,
        );
  }

  #changed(leaf: Buffer, hash: Hash, index: number): BundleRefused {
    const eventId = eventIdIn(leaf);
    const name = eventId === null ? `leaf ${index}` : `event ${eventId} (leaf ${index})`;
    const at = this.#hashes.findIndex((other) => same(other, hash));
    return at < 0
      ? new BundleRefused('LEAF_CHANGED', `${name} is not what the log has there: it was changed.`, index, eventId)
      : new BundleRefused(
          'LEAF_MISPLACED',
          `${name} is leaf ${this.#hashesFrom + at} of the log: events were swapped or dropped.`,
          index,
          eventId,
        );
  }

  #readTrailer(line: Buffer): void {
    const { first, end } = this.#header!;
    const { leaves } = this.#json(line) as { leaves?: unknown };
    if (leaves !== end - first) throw this.#malformed(`it should end with {"leaves":${end - first}}`);
    this.#requireSpelling(line, trailerLine(leaves));
    this.#ended = true;
  }

  /** A reader that takes the first of two keys, or rounds a number, must not see another bundle than this one. */
  #requireSpelling(line: Buffer, only: string): void {
    if (!line.equals(Buffer.from(only.slice(0, -1)))) throw this.#malformed('it is not spelt as bundles are');
  }

  #json(line: Buffer): object {
    try {
      const value: unknown = JSON.parse(line.toString('utf8'));
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Said below.
    }
    throw this.#malformed('it is no JSON object');
  }

  #malformed(reason: string): BundleRefused {
    return new BundleRefused('MALFORMED', `The bundle cannot be read, line ${this.#lines}: ${reason}.`);
  }
}

const CLOSING = '}'.charCodeAt(0);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const same = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

const PAYLOAD_MARK = '"payload":{"alg":"sha256-salted","digest":"';

/** A leaf is canonical JSON, so its digest stands behind one mark; no text within a string reads so, for its quotes are escaped. */
const payloadDigestIn = (leaf: Buffer): string | null => {
  const mark = leaf.indexOf(PAYLOAD_MARK, 0, 'latin1');
  const from = mark + PAYLOAD_MARK.length;
  return mark < 0 ? null : leaf.toString('latin1', from, from + DIGEST_CHARACTERS);
};

/** Of SHA-256 in base64url. */
const DIGEST_CHARACTERS = 43;

const eventIdIn = (leaf: Buffer): string | null => {
  try {
    const { eventId } = JSON.parse(leaf.toString('utf8')) as { eventId?: unknown };
    return typeof eventId === 'string' ? eventId : null;
  } catch {
    return null;
  }
};
