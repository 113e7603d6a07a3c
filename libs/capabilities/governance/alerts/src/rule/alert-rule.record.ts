import {
  accept,
  flag,
  hasRole,
  inPerson,
  optional,
  otherwise,
  partyOf,
  recordId,
  recordType,
  reject,
  required,
  SECRETARIAT,
  type Given,
  type Grant,
  type Party,
  type Principal,
  type Recorded,
  type RecordId,
} from '@kernel';
import { alertRuleInput, signedInOf, type AlertRuleEvent, type RuleTerms } from './alert-rule.events.js';

/** Rules that are on at a time. */
const MOST = { PERSON: 50, COUNTRY: 200 } as const;

export const alertRuleRejections = {
  'ALERTS.RULE_NOT_FOUND': 'There is no such rule of yours.',
  'ALERTS.RULE_LIMIT': 'You have as many rules as you may: switch one off first.',
  'ALERTS.SCOPE_FIXED': 'A rule stays a person’s, or the party’s: make another rule.',
} as const;

type Kept = { readonly scope: RuleTerms['scope']; readonly isOff: boolean; readonly by: string };
export type AlertRuleState = Kept | null;

const keptOf = ({ scope, isOff, as }: AlertRuleEvent['data']): Kept => ({ scope, isOff, by: as.person });

const rule = recordType<AlertRuleEvent, AlertRuleState>()({
  name: 'alert rule',
  category: 'alertRule',
  rejections: alertRuleRejections,
  notFound: 'ALERTS.RULE_NOT_FOUND',
  isMarkingFixed: true,
  readsHistoryOf: ['alertRule'],
  initial: null,
  evolve: { 'alerts.AlertRuleSaved.v1': (_, saved) => keptOf(saved) },
});

type Asked = { readonly rule: Pick<RuleTerms, 'scope'> };
/** Whose marking lets somebody see a personal rule is its person. */
const own: Pick<Grant<Asked, AlertRuleState>, 'mayAct'> = { mayAct: (who, _, { owner }) => owner === partyOf(who) };
const forThemselves = inPerson<Asked, AlertRuleState>({
  ...own,
  mayIssue: (who, { rule: { scope } }) => scope === 'PERSON' && partyOf(who) !== null,
});
const forTheirParty = inPerson<Asked, AlertRuleState>({
  ...own,
  mayIssue: (who, { rule: { scope } }) =>
    scope === 'COUNTRY' && (partyOf(who) === SECRETARIAT || hasRole(who, 'LIAISON', 'DELEGATE')),
});

export const saveAlertRule = rule.upsert({
  type: 'SaveAlertRule',
  description:
    'Make a rule of what you want to be told of, or replace one of yours. For everybody who acts for a party; a rule of the party is for its delegates and liaisons, and takes two persons.',
  input: {
    description: 'A rule, whole.',
    of: {
      id: optional(recordId, 'The rule that it replaces; a new one where left out.'),
      rule: required(alertRuleInput, 'What it says.'),
      isOff: otherwise(required(flag, 'Whether it is off: it tells of nothing any more.'), false),
    },
  },
  may: [forThemselves, forTheirParty],
  target: ({ id }) => (id ? { id } : { fresh: true }),
  twoPersons: ({ rule: { scope } }) => scope === 'COUNTRY',
  decide: ({ rule: terms, isOff }, state, { who, marking, recordId: id, history }) => {
    const { scope } = terms;
    if (state && state.scope !== scope) return reject('ALERTS.SCOPE_FIXED', { field: 'rule.scope' });
    if (!isOff && onOf(who, marking.owner, scope, history, id) >= MOST[scope])
      return reject('ALERTS.RULE_LIMIT', { field: 'isOff' });
    const { person } = who;
    return accept({
      type: 'alerts.AlertRuleSaved.v1',
      data: {
        ...terms,
        isOff,
        as: signedInOf(who),
        ...(state === null && { marking: scope === 'PERSON' ? { ...marking, ownerPerson: person } : marking }),
      },
    });
  },
});

/** How many others of the person, or of the party, are on. */
const onOf = (
  { person }: Principal,
  owner: Party,
  scope: RuleTerms['scope'],
  history: readonly Recorded[],
  except: RecordId,
): number => {
  const owners = new Map<RecordId, Party>();
  const on = new Map<RecordId, Kept>();
  for (const { event, recordId: id } of history) {
    if (event.type !== ('alerts.AlertRuleSaved.v1' satisfies AlertRuleEvent['type'])) continue;
    const saved = event as AlertRuleEvent;
    if (saved.data.marking) owners.set(id, saved.data.marking.owner);
    on.set(id, keptOf(saved.data));
  }
  return [...on].filter(
    ([id, kept]) =>
      id !== except &&
      !kept.isOff &&
      kept.scope === scope &&
      owners.get(id) === owner &&
      (scope === 'COUNTRY' || kept.by === person),
  ).length;
};

export const alertRuleRecordType = rule.withCommands(saveAlertRule);
export type AlertRuleCommand = Given<(typeof alertRuleRecordType.commands)[number]>;
