import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/audit/src/replay');
const recordReplaysQuery = of('record-replays.query');

export const guards: readonly Guard[] = [
  recordReplaysQuery(
    'nothing is read of a hidden record that is replayed',
    'isAuditor || (await this.#door.mayRead(category, id, who))',
    'true',
  ),
];
