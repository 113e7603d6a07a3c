import { CannotDo, WrongUsage } from '@foundation/configuration';
import { openReceipt, type Receipt } from '@foundation/eventing';
import { TransparencyError, type VerifierKey } from '@foundation/transparency';
import { type Command, EXIT, instantOf, keysOf, policyOf, readOptions, secretOf, textOf } from './command.js';
import { HttpLog } from './log-source.js';
import { fatesInBundle, fatesInLog } from './receipts.js';

export const checkReceipt: Command = {
  summary: 'demands the proof that a receipt promised',
  usage:
    '--receipt FILE --keys FILE --policy FILE (--log URL [--secret-file FILE] [--now INSTANT] | --bundle FILE)\n' +
    '           --keys         verifier keys of receipts, one a line',
  async run(args) {
    const options = readOptions(args, ['receipt', 'keys', 'policy'], ['log', 'secret-file', 'now', 'bundle']);
    if ((options.log === undefined) === (options.bundle === undefined)) {
      throw new WrongUsage('Give --log or --bundle, one of the two.');
    }
    const policy = policyOf(options.policy);
    const receipt = receiptIn(options.receipt, keysOf(options.keys));
    const now = instantOf('now', options.now) ?? Date.now();
    const fates =
      options.log === undefined
        ? await fatesInBundle(receipt, options.bundle!, policy)
        : await fatesInLog(receipt, new HttpLog(options.log, secretOf(options['secret-file'])), policy, now);
    for (const fate of fates) {
      if (fate.fate === 'included') {
        console.log(`event ${fate.eventId}: in the log, proved under a checkpoint of ${fate.checkpoint.size} leaves`);
      } else console.log(`event ${fate.eventId}: ${fate.fate === 'due' ? 'not decided' : 'missing'}: ${fate.why}`);
    }
    if (fates.some(({ fate }) => fate === 'missing')) return EXIT.REFUTED;
    return fates.some(({ fate }) => fate === 'due') ? EXIT.UNDECIDED : EXIT.GOOD;
  },
};

const receiptIn = (file: string, keys: readonly VerifierKey[]): Receipt => {
  try {
    return openReceipt(textOf(file), keys);
  } catch (error) {
    if (error instanceof TransparencyError) throw new CannotDo(`${file}: ${error.message}`);
    throw error;
  }
};
