import { commandsOf, recordsOf } from '@foundation/graphql';
import { actRecordType, approveAct, withdrawAct } from './act/act.record.js';
import { actsView } from './act/acts.view.js';

export const actsResolvers = [
  commandsOf(actRecordType, [approveAct, withdrawAct]),
  recordsOf(actsView, {
    list: {
      name: 'acts',
      description: 'What people of your party have prepared for a second person, whatever has become of it.',
      orderBy: { PREPARED_AT: 'preparedAt', LAPSES_AT: 'lapsesAt' },
    },
    changed: 'Acts of your party, as they change.',
  }),
];
