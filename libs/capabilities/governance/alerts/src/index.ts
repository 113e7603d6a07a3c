export * from './alerts.manifest.js';
export type { AlertRuleEvent } from './rule/alert-rule.events.js';
export { alertRulesView, type AlertRuleRow } from './rule/alert-rules.view.js';
export type { AlertSettingEvent } from './setting/alert-setting.events.js';
export { alertSettingsView, type AlertSettingRow } from './setting/alert-settings.view.js';
export type { AlertTakingEvent } from './taking/alert-taking.events.js';
