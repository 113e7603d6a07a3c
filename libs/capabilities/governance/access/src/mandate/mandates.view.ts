import {
  country,
  inCapitals,
  instant,
  many,
  optional,
  readModel,
  recordId,
  renewed,
  required,
  text,
  type Marked,
  type Of,
} from '@kernel';
import { mandateSubject, mandateTerms, type MandateEvent } from './mandate.events.js';

const row = {
  id: required(recordId, 'Id of the mandate.'),
  principal: required(country, 'The country that is acted for.'),
  ...mandateTerms,
  grantedAt: required(instant, 'When it was granted as it stands.'),
  revokedAt: optional(instant, 'When it was revoked, if it was.'),
  reason: optional(text(2000), 'Why it was revoked.'),
};
export type MandateRow = Marked & Of<typeof row>;

/** The mandates, for the country that granted them and for its delegate. */
export const mandatesView = readModel<MandateEvent, MandateRow>({
  name: 'access.mandates',
  version: 1,
  of: row,
  node: {
    name: 'Mandate',
    description: 'That the people of one country may act for another.',
    marking: 'Who may know of it: the two countries.',
    of: { ...row, subjects: many(inCapitals(mandateSubject), 'In what.') },
    show: (shown) => ({ ...shown, subjects: shown.subjects.map((each) => each.toUpperCase()) }),
  },
  filter: { principal: 'Countries that are acted for.', delegate: 'Countries whose people act.' },
  sort: ['grantedAt', 'until'],
  on: {
    'access.MandateGranted.v1': (before, { event, recordId: id, recordedAt: grantedAt }) =>
      renewed(before, { ...event.data, id, grantedAt }),
    'access.MandateRevoked.v1': (before, { event: { data }, recordedAt: revokedAt }) =>
      before && { ...before, ...data, revokedAt },
  },
});
