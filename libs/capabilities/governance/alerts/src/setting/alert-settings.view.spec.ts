import { describe, it } from '@jest/globals';
import type { PersonRef } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import { alertSettingsView } from './alert-settings.view.js';

const as = { person: 'p' as PersonRef, country: JP, roles: ['DELEGATE'] } as const;
const marking = markedFor(JP);

describe('The settings that are shown', () => {
  it('are those that were set last', () =>
    specifyView(alertSettingsView)
      .given(
        { type: 'alerts.AlertSettingsSet.v1', data: { zone: 'UTC', digestAt: '07:00', as, marking } },
        { type: 'alerts.AlertSettingsSet.v1', data: { zone: 'Asia/Tokyo', as } },
      )
      .thenRow({ zone: 'Asia/Tokyo', id: RECORD, setAt: NOW, marking }));
});
