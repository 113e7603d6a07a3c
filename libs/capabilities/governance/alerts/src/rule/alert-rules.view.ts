import { flag, instant, readModel, recordId, renewed, required, type Marked, type Of } from '@kernel';
import { terms, type AlertRuleEvent } from './alert-rule.events.js';

const row = {
  id: required(recordId, 'Id of the rule.'),
  ...terms,
  isOff: required(flag, 'Whether it tells of nothing any more.'),
  savedAt: required(instant, 'When it was last saved.'),
};
export type AlertRuleRow = Marked & Of<typeof row>;

/** The rules of a person and of its party. */
export const alertRulesView = readModel<AlertRuleEvent, AlertRuleRow>({
  name: 'alerts.rules',
  version: 1,
  of: row,
  node: { name: 'AlertRule', description: 'What you, or your party, want to be told of. Nobody else sees it.' },
  list: { name: 'alertRules', description: 'Your own rules, and those of your party.' },
  filter: { scope: 'For whom they are.' },
  sort: ['name', 'savedAt'],
  on: {
    'alerts.AlertRuleSaved.v1': (before, { event: { data }, recordId: id, recordedAt: savedAt }) => {
      const { as: _, ...saved } = data;
      return renewed(before, { ...saved, id, savedAt });
    },
  },
});
