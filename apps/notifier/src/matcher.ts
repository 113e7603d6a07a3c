import type { AlertTakingEvent } from '@capabilities/alerts';
import {
  alertOf,
  leadsOf,
  recipientOf,
  subjectOf,
  SYSTEM_RULE,
  wants,
  type Alert,
  type AlertFact,
  type MatchedRule,
  type Recipient,
  type Step,
  type Taking,
} from '@foundation/alerting';
import { isUnreadable, type StoredEvent, type Unreadable } from '@foundation/eventing';
import {
  isContentWithheld,
  SECRETARIAT,
  type AnyAlertKind,
  type Capability,
  type DomainEvent,
  type Instant,
  type Marked,
  type Party,
  type Principal,
} from '@kernel';
import type { DueWatch } from './due-watch.js';
import { mailsFor } from './mailing.js';
import { Rules } from './rules.js';
import type { Sight } from './sight.js';

/** Something of a kind, with the row that it is about, and the parties that it concerns; null where it is for its audience. */
type Candidate = {
  readonly kind: AnyAlertKind;
  readonly fact: AlertFact;
  readonly row: Marked | null;
  readonly parties: readonly Party[] | null;
  /** How many minutes ahead, where it is a due. */
  readonly lead?: number;
};
type Met = Pick<Candidate, 'kind' | 'fact'> & { readonly event: DomainEvent | null; readonly lead?: number };

/** Says who is told of what: of each fact, the rules that want it, and of these, whoever may read the record now. */
export class Matcher {
  readonly #byType: ReadonlyMap<string, readonly AnyAlertKind[]>;
  readonly #kinds: ReadonlyMap<string, AnyAlertKind>;

  constructor(
    capabilities: readonly Capability[],
    private readonly rules: Rules,
    private readonly dues: DueWatch,
    private readonly sight: Sight,
    /** Alerts that are there, by their ids: what is passed on is told anew, to others. */
    private readonly find: (ids: readonly string[]) => Promise<readonly Alert[]>,
    private readonly now: () => Instant,
  ) {
    const kinds = capabilities.flatMap(({ alerts = [] }) => alerts);
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    const types = new Set(kinds.flatMap(({ of }) => of));
    this.#byType = new Map([...types].map((type) => [type, kinds.filter(({ of }) => of.includes(type))]));
  }

  /**
   * What a piece of the history adds.
   * @param position where it ends
   */
  async step(items: readonly (StoredEvent | Unreadable)[], clock: Instant, position: bigint): Promise<Step> {
    const kept = new Map<string, { category: string; body: object } | null>();
    const takings: Taking[] = [];
    const met: Met[] = [];
    for (const item of items) {
      const { recordId: id, category } = item;
      const isGone = isUnreadable(item) || isContentWithheld(item.event) || item.event.type === ERASED;
      if (Rules.categories.includes(category)) {
        if (isGone) this.rules.drop(id);
        kept.set(id, isGone ? null : this.rules.note(id, category, item.event));
      } else if (!isGone && category === 'alertTaking') {
        takings.push(takingOf(item as StoredEvent));
      } else if (!isGone) {
        for (const kind of this.#byType.get(item.event.type) ?? []) met.push(metBy(item as StoredEvent, kind));
      }
    }
    const dues = await this.dues.note(items);
    const candidates = await this.#candidates(met);
    const alerts = [...(await this.#alertsOf(candidates)), ...(await this.#passedOn(takings))];
    return {
      position,
      clock,
      alerts,
      mails: mailsFor(this.rules, alerts, this.now()),
      facts: candidates.map(({ fact, parties }) => ({ ...fact, parties: parties ?? [] })),
      kept,
      dues,
      takings,
    };
  }

  /** What time adds, up to an instant. */
  async stepOfTime(until: Instant): Promise<Step> {
    const passed = this.dues.passed(until, (kind) => this.#leads(this.#kinds.get(kind)!));
    const met = passed.map(({ kind, view, key, due, at, lead }): Met => {
      const fact = { kind, view, key, fact: `${due} ${at} ${lead}`, at: until, dueAt: at };
      return { kind: this.#kinds.get(kind)!, event: null, lead, fact };
    });
    const candidates = await this.#candidates(met);
    const facts = candidates.map(({ fact, parties }) => ({ ...fact, parties: parties ?? [] }));
    const nothing = { position: null, kept: new Map(), dues: new Map(), takings: [] };
    const alerts = await this.#alertsOf(candidates);
    return { ...nothing, clock: until, alerts, facts, mails: mailsFor(this.rules, alerts, until) };
  }

  /** When there is something to announce next; null where nothing is due. */
  next(after: Instant): Instant | null {
    return this.dues.next(after, (kind) => this.#leads(this.#kinds.get(kind)!));
  }

  #leads(kind: AnyAlertKind): readonly number[] {
    return [...new Set([...(kind.due?.leads ?? []), ...[...this.rules.index.all].flatMap(({ leads }) => leads ?? [])])];
  }

  async #candidates(met: readonly Met[]): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (const [view, of] of Map.groupBy(met, ({ kind }) => kind.view)) {
      const rows = await this.sight.rows(view, [...new Set(of.map(({ fact }) => fact.key))]);
      for (const { kind, fact, event, lead } of of) {
        const row = rows.get(fact.key) ?? null;
        const isLoss = kind.meant === 'PARTY' && kind.endsSight;
        if (row === null ? !isLoss : kind.if && !kind.if(row)) continue;
        const to = kind.meant === 'PARTY' ? kind.to(row, event as never) : null;
        const parties = to && [...new Set(to.filter((each) => each !== null))];
        found.push({ kind, fact, row, parties, ...(lead !== undefined && { lead }) });
      }
    }
    return found;
  }

  async #alertsOf(candidates: readonly Candidate[]): Promise<readonly Alert[]> {
    const all = await Promise.all(candidates.map((each) => this.#told(each)));
    return all.flat();
  }

  /** Whom one fact is told to. */
  async #told(candidate: Candidate): Promise<readonly Alert[]> {
    const { kind, fact, row } = candidate;
    const asking = [...this.#bySystem(candidate), ...this.#byRules(candidate)];
    const isLoss = kind.meant === 'PARTY' && kind.endsSight;
    const readers = isLoss || row === null ? asking : await this.sight.readers(kind.view, fact.key, row, asking);
    return readers.flatMap(({ rule, to }) => to.map((recipient) => alertOf(fact, rule, recipient, kind.severity)));
  }

  #bySystem({ kind, parties, lead }: Candidate): readonly Asking[] {
    if (kind.meant !== 'PARTY' || !kind.awaits || (lead !== undefined && !kind.due!.leads.includes(lead))) return [];
    const { awaits } = kind;
    return (parties ?? []).map((party) => ({
      rule: SYSTEM_RULE,
      who: this.sight.partyOf(party),
      to: [recipientOf(party, party === SECRETARIAT ? SECRETARIAT : awaits)],
    }));
  }

  #byRules({ kind, fact, row, parties, lead }: Candidate): readonly Asking[] {
    const subject = subjectOf(fact.key, row);
    const isWanted = (rule: MatchedRule): boolean =>
      (parties === null || parties.includes(rule.owner)) &&
      (lead === undefined || leadsOf(rule, kind).includes(lead)) &&
      wants(rule, kind, subject);
    return this.rules.index
      .candidates(kind.kind, subject)
      .filter(isWanted)
      .flatMap((rule) => {
        const who = this.sight.principalOf(rule);
        const to = rule.as ? [rule.as.person] : rule.to;
        return who ? [{ rule: rule.id, who, to: to.map((each) => recipientOf(rule.owner, each)) }] : [];
      });
  }

  /** Alerts that somebody passes to others of its party. */
  async #passedOn(takings: readonly Taking[]): Promise<readonly Alert[]> {
    const all = await Promise.all(
      takings.map(async ({ alerts, recipients, to }) => {
        if (to === undefined) return [];
        const own = (await this.find(alerts)).filter(({ recipient }) => recipients.includes(recipient));
        return own.map((alert) => alertOf(alert, alert.rule, to, alert.severity));
      }),
    );
    return all.flat();
  }
}

type Asking = { readonly rule: string; readonly who: Principal; readonly to: readonly Recipient[] };

const ERASED = 'access.ContentErased.v1';

const metBy = ({ id, event, recordId: key, recordedAt: at }: StoredEvent, kind: AnyAlertKind): Met => ({
  kind,
  event,
  fact: { kind: kind.kind, view: kind.view.name, key, fact: id, at },
});

const takingOf = ({ event, metadata, recordedAt: at }: StoredEvent): Taking => {
  const { alerts, answer, to, as } = (event as AlertTakingEvent).data;
  const party = metadata.party as Party;
  return {
    alerts,
    answer,
    person: as.person,
    recipients: [as.person, ...as.roles].map((each) => recipientOf(party, each)),
    ...(to && { to: recipientOf(party, to) }),
    at,
  };
};
