import { capability } from '@kernel';
import { alertRuleRecordType } from './rule/alert-rule.record.js';
import { alertRulesView } from './rule/alert-rules.view.js';
import { alertSettingRecordType } from './setting/alert-setting.record.js';
import { alertSettingsView } from './setting/alert-settings.view.js';
import { alertTakingRecordType } from './taking/alert-taking.record.js';

export { alertRuleRecordType, alertSettingRecordType, alertTakingRecordType };

/** Who wants to be told of what, when and where, and what became of it. What is told is the notifier's. */
export const alerts = capability({
  name: 'alerts',
  recordTypes: [alertRuleRecordType, alertSettingRecordType, alertTakingRecordType],
  views: [alertRulesView, alertSettingsView],
});
