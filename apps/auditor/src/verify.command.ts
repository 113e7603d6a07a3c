import { CannotDo } from '@foundation/configuration';
import { parseCheckpoint, parseSignedNote, TransparencyError } from '@foundation/transparency';
import { type Command, EXIT, instantOf, policyOf, readOptions, textOf } from './command.js';
import { type Trust, verifyBundle } from './verify.js';

export const verify: Command = {
  summary: 'verifies a bundle: events, leaves, tree, checkpoint and cosignatures; needs no network',
  usage: '--bundle FILE --policy FILE [--known CHECKPOINT] [--cosigned-after INSTANT]',
  async run(args) {
    const options = readOptions(args, ['bundle', 'policy'], ['known', 'cosigned-after']);
    const after = instantOf('cosigned-after', options['cosigned-after']);
    const trust: Trust = {
      policy: policyOf(options.policy),
      ...(options.known !== undefined && { known: checkpointIn(options.known) }),
      ...(after !== undefined && { cosignedAfter: Math.floor(after / 1_000) }),
    };
    const { checkpoint, first, end, contents } = await verifyBundle(options.bundle, trust);
    const { origin, size, witnesses } = checkpoint;
    console.log(
      `Verified: ${end - first} leaves (${first} to ${end}) of ${origin}, ${contents} with their content, ` +
        `under a checkpoint of ${size} leaves, cosigned by ${witnesses.map(({ name }) => name).join(', ') || 'nobody (the policy asks for none)'}.`,
    );
    console.log(aboutContents(end - first, contents));
    return EXIT.GOOD;
  },
};

/** That a leaf is proved says nothing of a content that did not come with it. */
const aboutContents = (leaves: number, contents: number): string => {
  if (leaves === 0) return 'There was no event to look at.';
  if (contents === 0)
    return 'No content was looked at: the bundle has none. What the events say, and whether the history still holds it, is not proved by this.';
  const without = leaves - contents;
  return without === 0
    ? 'Every content was looked at, and is what was committed to.'
    : `The content of ${without} of them did not come along (sealed, erased, or left out by whoever made the bundle) and was not looked at.`;
};

/** One that the auditor kept: its own word, so its signatures are not asked for again. */
const checkpointIn = (file: string) => {
  try {
    return parseCheckpoint(parseSignedNote(textOf(file)).text);
  } catch (error) {
    if (error instanceof TransparencyError) throw new CannotDo(`${file}: ${error.message}`);
    throw error;
  }
};
