import { createReadStream } from 'node:fs';
import { BundleRefused } from './bundle-refused.js';

const READ_BYTES = 1 << 20;
const LONGEST_LINE = 1 << 25;
const NEWLINE = 10;

/**
 * Reads a file line by line, without the newlines. Memory holds one line at a time.
 *
 * @returns whether the last line lacks its newline
 * @throws BundleRefused for a line that is too long to be one of a bundle
 */
export const eachLine = async (file: string, take: (line: Buffer) => void): Promise<boolean> => {
  let rest: Buffer[] = [];
  let restLength = 0;
  for await (const read of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
      const part = read.subarray(start, end);
      take(rest.length === 0 ? part : Buffer.concat([...rest, part]));
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
  }
  return restLength > 0;
};
