import { view, type CountryCode, type Instant, type Marked, type RecordId } from '@kernel';
import type { MandateEvent, MandateTerms } from './mandate.events.js';

export type MandateRow = Marked &
  MandateTerms & {
    readonly id: RecordId;
    readonly principal: CountryCode;
    readonly grantedAt: Instant;
    readonly revokedAt?: Instant;
    readonly reason?: string;
  };

/** The mandates, for the country that granted them and for its delegate. */
export const mandatesView = view<MandateEvent, MandateRow>({
  name: 'access.mandates',
  version: 1,
  events: ['access.MandateGranted.v1', 'access.MandateRevoked.v1'],
  fields: {
    principal: { kind: 'text', filter: true },
    delegate: { kind: 'text', filter: true },
    grantedAt: { kind: 'text', sort: true },
    until: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    if (event.type === 'access.MandateRevoked.v1') {
      return row && { ...row, revokedAt: recordedAt, reason: event.data.reason };
    }
    const marking = event.data.marking ?? row?.marking;
    return marking ? { ...event.data, id, grantedAt: recordedAt, marking } : null;
  },
});
