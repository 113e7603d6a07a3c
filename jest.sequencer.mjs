import Sequencer from '@jest/test-sequencer';

/** What takes longest, first: else one worker ends with it while the other has nothing left to do. */
const FIRST = [
  'test/access/non-interference',
  'test/access/attack-cases.spec',
  'test/faults/',
  'test/acceptance/bad-input',
  'test/access/',
  'test/acceptance/',
  'apps/event-store/src/durability',
  'test/audit/',
  'libs/adapters/',
  'libs/foundation/eventing/src/command-pipeline.spec',
  'apps/',
  'test/',
];

const place = ({ path }) => {
  const found = FIRST.findIndex((part) => path.includes(`/${part}`));
  return found < 0 ? FIRST.length : found;
};

/** Within a group as jest does: what failed, what took longest the last time, what is largest. */
export default class extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
