import { type Command, countOf, EXIT, readOptions } from './command.js';
import { ContentsOfHistory, NO_CONTENTS } from './contents.js';
import { exportBundle } from './export.js';
import { openHistory } from './history.js';
import { alarmTold, sourceOf } from './log-source.js';

export const exportCommand: Command = {
  summary: 'writes a bundle that can be verified without a network',
  usage:
    '(--log URL --secret-file FILE | --data DIR) --out FILE [--from N] [--to N] [--event-store URL]\n' +
    '           --data         folder of the log on this machine, such as .lodestone/log\n' +
    '           --from, --to   indexes: from the first leaf to before the last (all)\n' +
    '           --event-store  takes the contents along that the history holds in the clear, and names the events\n' +
    '                          that are not what their leaves and commitments say',
  async run(args) {
    const options = readOptions(args, ['out'], ['log', 'secret-file', 'data', 'from', 'to', 'event-store']);
    const [first, end] = [countOf('from', options.from), countOf('to', options.to)];
    const history = options['event-store'] === undefined ? null : openHistory('--event-store', options['event-store']);
    const source = sourceOf(options.log, options['secret-file'], options.data);
    const held = history && new ContentsOfHistory(history);
    try {
      const isInAlarm = await alarmTold(source);
      const range = { ...(first !== undefined && { first }), ...(end !== undefined && { end }) };
      const exported = await exportBundle(source, held ?? NO_CONTENTS, options.out, range);
      console.log(
        `${options.out} holds ${exported.end - exported.first} leaves of ${exported.size}, ${exported.contents} with their content.`,
      );
      for (const { message } of held?.differences ?? []) console.error(`NOT AS RECORDED: ${message}`);
      if (held && held.differences.length < held.count)
        console.error(`… and ${held.count - held.differences.length} more; verify-history goes through all.`);
      return isInAlarm || (held && held.count > 0) ? EXIT.REFUTED : EXIT.GOOD;
    } finally {
      source.close();
      await history?.close();
    }
  },
};
