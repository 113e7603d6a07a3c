import {
  accept,
  recordType,
  optional,
  ownerAudience,
  owners,
  partyOf,
  peopleIn,
  reject,
  required,
  secretariat,
  text,
  type Given,
  type Grant,
  type Party,
} from '@kernel';
import { accessAnswer, wish, type AccessRequestEvent, type Answer } from './access-request.events.js';

export const accessRequestRejections = {
  'REQUESTS.NOT_FOUND': 'There is no such access request, or it is between other parties.',
  'REQUESTS.OWN_PARTY': 'You read your own party’s records already. Name the party that is to let you in.',
} as const;

/** Who is asked, and what it said last; null before it is asked. */
export type AccessRequestState = {
  readonly of: Party;
  readonly said: { readonly answer: Answer; readonly note?: string } | null;
} | null;

const accessRequest = recordType<AccessRequestEvent, AccessRequestState>()({
  category: 'accessRequest',
  rejections: accessRequestRejections,
  notFound: 'REQUESTS.NOT_FOUND',
  isMarkingFixed: true,
  initial: null,
  evolve: {
    'briefs.AccessRequested.v1': (_, data) => ({ of: data.of, said: null }),
    'briefs.AccessRequestAnswered.v1': (state, data) => state && { ...state, said: data },
  },
});

/** For the secretariat its own people answer. */
const askedSecretariat: Grant<unknown, AccessRequestState> = {
  ...secretariat,
  mayAct: (who, state) => state !== null && partyOf(who) === state.of,
};

export const requestAccess = accessRequest.create({
  type: 'RequestAccess',
  description:
    'Ask another party to be let in on what it may have. It is taken whatever there is, and so confirms nothing. For liaisons and delegates.',
  input: { description: 'The wish to be let in on what another party may have. It confirms nothing.', of: wish },
  // For the two parties and nobody else.
  defaultMarking: ({ of }) => ({ releaseTo: [ownerAudience(of)] }),
  may: [owners('LIAISON', 'DELEGATE')],
  decide: (given, { marking }) =>
    given.of === marking.owner
      ? reject('REQUESTS.OWN_PARTY', { field: 'of' })
      : accept({ type: 'briefs.AccessRequested.v1', data: { ...given, marking } }),
});

export const answerAccessRequest = accessRequest.change({
  type: 'AnswerAccessRequest',
  description:
    'Answer an access request to your party. For liaisons and delegates of the asked country, or for the secretariat.',
  input: {
    description: 'The answer to an access request. It opens nothing: release records by their marking.',
    of: { answer: required(accessAnswer, 'What you say.'), note: optional(text(2000), 'What goes with it.') },
  },
  may: [peopleIn((state: AccessRequestState) => state?.of ?? null, 'LIAISON', 'DELEGATE'), askedSecretariat],
  again: ({ answer, note }, { said }) => said?.answer === answer && said.note === note,
  decide: (given) => accept({ type: 'briefs.AccessRequestAnswered.v1', data: given }),
});

export const accessRequestRecordType = accessRequest.withCommands(requestAccess, answerAccessRequest);
export type AccessRequestCommand = Given<(typeof accessRequestRecordType.commands)[number]>;
