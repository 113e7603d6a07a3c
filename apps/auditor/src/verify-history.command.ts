import { WrongUsage } from '@foundation/configuration';
import { streamOf } from '@foundation/eventing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, EXIT, policyOf, readOptions } from './command.js';
import { NO_CONTENTS } from './contents.js';
import { exportBundle } from './export.js';
import { checkHistory, type CheckedHistory } from './history-check.js';
import { alarmTold, type LogSource, sourceOf } from './log-source.js';
import { openSources } from './replay-sources.js';

export const verifyHistory: Command = {
  summary: 'holds the whole history against the log: every leaf, commitment and content, their order and count',
  usage:
    '--event-store URL (--log URL --secret-file FILE | --data DIR | --bundle FILE) --policy FILE\n' +
    '           --data         folder of the log on this machine, such as .lodestone/log\n' +
    '           without a log only contents are held to their commitments, and it ends with 3\n' +
    '           reads KEYS_DATABASE_URL and OWNER_KEYS_FOLDER, if set, to open what is sealed',
  async run(args) {
    const options = readOptions(args, ['event-store', 'policy'], ['log', 'secret-file', 'data', 'bundle']);
    const { log, data, bundle } = options;
    if ([log, data, bundle].filter((each) => each !== undefined).length > 1)
      throw new WrongUsage('Give one of --log, --data and --bundle.');
    const trust = { policy: policyOf(options.policy) };
    await using sources = openSources({ ...process.env, EVENT_STORE_URL: options['event-store'] }, '--event-store');
    if (bundle !== undefined) return told(await checkHistory(sources, { bundle, trust }), sources.hasKeys);
    if (log === undefined && data === undefined) return told(await checkHistory(sources, null), sources.hasKeys);

    const source = sourceOf(log, options['secret-file'], data);
    const folder = mkdtempSync(join(tmpdir(), 'lodestone-history-'));
    try {
      const isInAlarm = await alarmTold(source);
      const checked = await checkHistory(sources, { bundle: await bundleOf(source, folder), trust });
      const code = told(checked, sources.hasKeys);
      return isInAlarm ? EXIT.REFUTED : code;
    } finally {
      source.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The log in the form that proves itself, whoever it comes from. */
const bundleOf = async (source: LogSource, folder: string): Promise<string> => {
  const file = join(folder, 'bundle');
  await exportBundle(source, NO_CONTENTS, file);
  return file;
};

const told = (checked: CheckedHistory, hasKeys: boolean): number => {
  const { log, events, withoutLeaf, loose, foreign, firstForeign, contents } = checked;
  const { proved, erased, shut, firstShut } = contents;
  const whatIsShut = shut === 0 ? '' : `, ${shut} sealed and not opened`;
  const old = loose === 0 ? '' : ` ${loose} are from before person, roles and marking were bound (leaf version 1).`;
  if (firstForeign !== null)
    console.error(
      `${foreign} ${foreign === 1 ? 'event is' : 'events are'} not as the platform writes them, and count for nothing; the first is ${firstForeign.id} ` +
        `(${streamOf(firstForeign)}, revision ${firstForeign.revision}): ${firstForeign.problem}. Somebody else wrote to the event store.`,
    );
  const ofContents = `${proved} contents are as committed to, ${erased} were erased${whatIsShut}.${old}`;
  if (log === null) {
    console.log(
      `${events} events: ${ofContents} There was no log to hold them against: whether they are what was recorded cannot be told.`,
    );
    return EXIT.UNDECIDED;
  }
  const { origin, witnesses } = log.checkpoint;
  const names = witnesses.map(({ name }) => name).join(', ') || 'nobody (the policy asks for none)';
  const rest = withoutLeaf === 0 ? '' : ` ${withoutLeaf} further events have no leaf there.`;
  console.log(
    `The history is what ${origin} recorded: ${log.end - log.first} events are those of its leaves ${log.first} to ${log.end}, ` +
      `in their order, under a checkpoint cosigned by ${names}.${rest} ${ofContents}`,
  );
  if (!hasKeys || firstShut === null) return EXIT.GOOD;
  const { eventId, stream, revision } = firstShut;
  console.error(
    `The content of event ${eventId} (${stream}, revision ${revision}) cannot be told: its key is not there, and no erasure is recorded.`,
  );
  return EXIT.UNDECIDED;
};
