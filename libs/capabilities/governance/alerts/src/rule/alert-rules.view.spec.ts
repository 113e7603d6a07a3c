import { describe, it } from '@jest/globals';
import type { PersonRef } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import { alertRulesView } from './alert-rules.view.js';

const as = { person: 'p' as PersonRef, country: JP, roles: ['DELEGATE'] } as const;
const marking = markedFor(JP);
const terms = { name: 'Gallium', scope: 'COUNTRY' } as const;

describe('The list of rules', () => {
  it('shows a rule as it was last saved, and not as whom', () =>
    specifyView(alertRulesView)
      .given(
        { type: 'alerts.AlertRuleSaved.v1', data: { ...terms, kinds: ['RECALL_ISSUED'], isOff: false, as, marking } },
        { type: 'alerts.AlertRuleSaved.v1', data: { ...terms, name: 'All', isOff: true, as } },
      )
      .thenRow({ ...terms, name: 'All', isOff: true, id: RECORD, savedAt: NOW, marking }));
});
