import { WrongUsage } from '@foundation/configuration';
import { join } from 'node:path';
import { type Command, countOf, EXIT, readOptions, secretOf } from './command.js';
import { type Contents, ContentsOfHistory, NO_CONTENTS } from './contents.js';
import { exportBundle } from './export.js';
import { openHistory } from './history.js';
import { HttpLog, LogFile, type LogSource } from './log-source.js';

export const exportCommand: Command = {
  summary: 'writes a bundle that can be verified without a network',
  usage:
    '(--log URL --secret-file FILE | --data DIR) --out FILE [--from N] [--to N] [--event-store URL]\n' +
    '           --data         folder of the log on this machine, such as .lodestone/log\n' +
    '           --from, --to   indexes: from the first leaf to before the last (all)\n' +
    '           --event-store  takes the contents along that the history holds in the clear',
  async run(args) {
    const options = readOptions(args, ['out'], ['log', 'secret-file', 'data', 'from', 'to', 'event-store']);
    const [first, end] = [countOf('from', options.from), countOf('to', options.to)];
    const history = options['event-store'] === undefined ? null : openHistory('--event-store', options['event-store']);
    const source = sourceOf(options.log, options['secret-file'], options.data);
    const contents: Contents = history === null ? NO_CONTENTS : new ContentsOfHistory(history);
    try {
      const range = { ...(first !== undefined && { first }), ...(end !== undefined && { end }) };
      const exported = await exportBundle(source, contents, options.out, range);
      console.log(
        `${options.out} holds ${exported.end - exported.first} leaves of ${exported.size}, ${exported.contents} with their content.`,
      );
      return EXIT.GOOD;
    } finally {
      source.close();
      await history?.close();
    }
  },
};

const sourceOf = (log: string | undefined, secretFile: string | undefined, data: string | undefined): LogSource => {
  if ((log === undefined) === (data === undefined)) throw new WrongUsage('Give --log or --data, one of the two.');
  return log === undefined ? new LogFile(join(data!, 'log.db')) : new HttpLog(log, secretOf(secretFile));
};
