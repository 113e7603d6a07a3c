import {
  country,
  granted,
  granting,
  inCapitals,
  many,
  readModel,
  recordId,
  required,
  revoked,
  type RowOf,
} from '@kernel';
import { mandateSubject, mandateTerms, type MandateEvent } from './mandate.events.js';

const row = {
  id: required(recordId, 'Id of the mandate.'),
  principal: required(country, 'The country that is acted for.'),
  ...mandateTerms,
  ...granting,
};
export type MandateRow = RowOf<typeof row>;

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
  list: {
    name: 'mandates',
    description: 'The mandates that your country granted or was granted, those that ended among them.',
  },
  changed: 'Mandates that your country granted or was granted, as they change.',
  filter: { principal: 'Countries that are acted for.', delegate: 'Countries whose people act.' },
  sort: ['grantedAt', 'until'],
  on: {
    'access.MandateGranted.v1': granted,
    'access.MandateRevoked.v1': revoked,
  },
});
