import { platformFor, reaction, type Capability, type RecordId } from '@kernel';
import { actRecordType } from './act.record.js';

const NAME = 'carryOutAct';

/**
 * An act is carried out with the first fact that it made in its record: should whoever carried it out not come to note
 * it, this does.
 * @param others the capabilities whose commands may take two persons
 */
export const carriedOutIn = (others: readonly Capability[]) =>
  reaction<ReadonlySet<RecordId>>({
    name: NAME,
    to: [
      'acts.ActCarriedOut.v1',
      ...others
        .filter(({ recordTypes }) => recordTypes.some(({ access }) => access.twoPersons))
        .flatMap(({ events }) => events),
    ],
    records: ['acts.ActCarriedOut.v1'],
    // Acts whose first fact was met and that are not known to be noted: a command may make several facts.
    memory: {
      initial: new Set(),
      evolve: (met, { act, event, recordId }) => {
        if (act) return new Set([...met, act]);
        return event.type === 'acts.ActCarriedOut.v1' ? new Set([...met].filter((each) => each !== recordId)) : met;
      },
    },
    then: ({ act, actor, party }, met) =>
      act && !met.has(act)
        ? [
            {
              recordType: actRecordType,
              command: { type: 'CarryOutAct', id: act, approvedBy: actor },
              who: platformFor(party),
            },
          ]
        : [],
  });
