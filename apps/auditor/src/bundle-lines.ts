import { createReadStream } from 'node:fs';
import { BundleRefused } from './bundle-refused.js';

const READ_BYTES = 1 << 20;
const LONGEST_LINE = 1 << 25;
const NEWLINE = 10;

/**
 * The lines of a file without their newlines, as many at a time as are read at once.
 *
 * @returns whether the last line lacks its newline
 * @throws BundleRefused for a line that is too long to be one of a bundle
 */
export async function* linesIn(file: string): AsyncGenerator<readonly Buffer[], boolean> {
  let rest: Buffer[] = [];
  let restLength = 0;
  for await (const read of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
      const part = read.subarray(start, end);
      lines.push(rest.length === 0 ? part : Buffer.concat([...rest, part]));
      rest = [];
      restLength = 0;
      start = end + 1;
    }
    if (start < read.length) {
      rest.push(read.subarray(start));
      restLength += read.length - start;
      if (restLength > LONGEST_LINE)
        throw new BundleRefused('MALFORMED', `A line is longer than ${LONGEST_LINE} bytes.`);
    }
    yield lines;
  }
  return restLength > 0;
}
