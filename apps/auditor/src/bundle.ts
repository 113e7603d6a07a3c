/**
 * A bundle: what an auditor takes away, and verifies without a network. One line of JSON each:
 *
 *     {"bundle":"lodestone-audit/v1","origin":…,"first":0,"end":700,"checkpoint":"…"}
 *     {"chunk":0,"hashes":"…","proof":["…"]}                the leaf hashes of a full tile, and their way to the root
 *     {"index":0,"leaf":{…}}                                a leaf, in the bytes that are hashed
 *     {"index":1,"leaf":{…},"content":{"salt":"…","data":{…}}}
 *     {"leaves":700}
 *
 * Each chunk proves itself, so whatever is wrong is known at its line, and memory does not grow with the bundle. A line
 * has one spelling, the one that is written here: no byte of it can be changed without the bundle being refused. Open is
 * only which signatures stand under the checkpoint beside those that the policy asks for.
 */
export const BUNDLE_FORMAT = 'lodestone-audit/v1';

export type BundleHeader = {
  readonly origin: string;
  /** Index of the first leaf. */
  readonly first: number;
  /** Index behind the last leaf. */
  readonly end: number;
  /** Signed, with its cosignatures. */
  readonly checkpoint: string;
};

/** Content of an event, in the bytes that were committed to. */
export type BundleContent = {
  /** 32 bytes in base64url. */
  readonly salt: string;
  /** RFC 8785 JSON of the event's data. */
  readonly json: string;
};

export const headerLine = ({ origin, first, end, checkpoint }: BundleHeader): string =>
  `${JSON.stringify({ bundle: BUNDLE_FORMAT, origin, first, end, checkpoint })}\n`;

export const chunkLine = (chunk: number, hashes: string, proof: readonly string[]): string =>
  `${JSON.stringify({ chunk, hashes, proof })}\n`;

export const leafPrefix = (index: number): string => `{"index":${index},"leaf":`;
export const CONTENT_MARK = ',"content":{"salt":"';
/** Characters of 32 bytes in base64url. */
export const SALT_CHARACTERS = 43;
export const DATA_MARK = '","data":';

export const leafLine = (index: number, leaf: string, content: BundleContent | null): string =>
  `${leafPrefix(index)}${leaf}${content ? `${CONTENT_MARK}${content.salt}${DATA_MARK}${content.json}}` : ''}}\n`;

/** The leaf in a line of its own, in the bytes that are hashed. */
export const leafIn = (line: Buffer, index: number): Buffer => {
  const start = leafPrefix(index).length;
  const mark = line.indexOf(CONTENT_MARK, start, 'latin1');
  return line.subarray(start, mark < 0 ? line.length - 1 : mark);
};

export const trailerLine = (leaves: number): string => `${JSON.stringify({ leaves })}\n`;
