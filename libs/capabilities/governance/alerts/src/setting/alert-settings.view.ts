import { instant, readModel, recordId, renewed, required, type Marked, type Of } from '@kernel';
import { settings, type AlertSettingEvent } from './alert-setting.events.js';

const row = {
  id: required(recordId, 'Id of the settings.'),
  ...settings,
  setAt: required(instant, 'When they were set.'),
};
export type AlertSettingRow = Marked & Of<typeof row>;

export const alertSettingsView = readModel<AlertSettingEvent, AlertSettingRow>({
  name: 'alerts.settings',
  version: 1,
  of: row,
  node: { name: 'AlertSetting', description: 'When and where alerts reach you. Nobody else sees it.' },
  list: { name: 'alertSettings', description: 'Your settings of alerts: one, or none.' },
  filter: {},
  sort: ['setAt'],
  on: {
    'alerts.AlertSettingsSet.v1': (before, { event: { data }, recordId: id, recordedAt: setAt }) => {
      const { as: _, ...set } = data;
      return renewed(before, { ...set, id, setAt });
    },
  },
});
