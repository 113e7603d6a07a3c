import {
  recipientsOf,
  subjectOf,
  SYSTEM_RULE,
  titleOf,
  wants,
  type AlertFact,
  type AlertInbox,
  type InboxFilter,
  type InboxRow,
  type Looker,
} from '@foundation/alerting';
import { idOfAlert } from '@foundation/eventing';
import type { ReadModels } from '@foundation/eventing';
import { partyOf, type AnyAlertKind, type Capability, type Instant, type Marked, type Principal } from '@kernel';
import type { RuleTerms } from '../rule/alert-rule.events.js';

const AT_A_TIME = 500;
const MOST_PREVIEWED = 200;

export type ShownAlert = Pick<InboxRow, 'id' | 'kind' | 'severity' | 'state' | 'at' | 'dueAt'> & {
  readonly number: bigint;
  readonly recordKind: string;
  readonly record: string;
  readonly rule: string | null;
  readonly link: string;
  readonly text: string;
};

/** `StockDeclaration` → `STOCK_DECLARATION` */
export const recordKindOf = ({ view }: AnyAlertKind): string =>
  view.node.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/**
 * Alerts as whoever looks may see them now: what cannot be read any more is not there. Nothing of a record is kept in an
 * alert, so nothing has to be cleaned up when its audience changes.
 */
export class AlertDesk {
  readonly #kinds: ReadonlyMap<string, AnyAlertKind>;

  /**
   * @param reads the read gateway, whose readings are noted
   * @param counts the same without the log: what is counted is not read
   */
  constructor(
    readonly inbox: AlertInbox,
    private readonly reads: ReadModels,
    private readonly counts: ReadModels,
    capabilities: readonly Capability[],
  ) {
    this.#kinds = new Map(capabilities.flatMap(({ alerts = [] }) => alerts).map((each) => [each.kind, each]));
  }

  get kinds(): readonly AnyAlertKind[] {
    return [...this.#kinds.values()];
  }

  static looker(who: Principal): Looker {
    return { recipients: recipientsOf(who), person: who.person };
  }

  /**
   * Resolves when all up to a position is matched, and the records show it.
   * @throws NotCaughtUp when it is not in time
   */
  async reached(position: bigint): Promise<void> {
    const views = [...new Set(this.kinds.map(({ view }) => view))];
    await Promise.all([this.inbox.reached(position), this.counts.reached(views, position)]);
  }

  /** A page, latest first, and whether more follows. */
  async page(who: Principal, filter: InboxFilter, before: bigint | null, first: number) {
    const shown: ShownAlert[] = [];
    for await (const some of this.#rows(who, filter, before, first + 1)) {
      shown.push(...(await this.visible(who, some)));
      if (shown.length > first) break;
    }
    return { shown: shown.slice(0, first), hasNext: shown.length > first };
  }

  /** How many the person may see that fit. */
  async count(who: Principal, filter: InboxFilter): Promise<number> {
    let count = 0;
    for await (const some of this.#rows(who, filter, null, AT_A_TIME))
      count += (await this.#found(this.counts, who, some)).length;
    return count;
  }

  /** Of these, in their order, those whose record the person may read now. */
  async visible(who: Principal, rows: readonly InboxRow[]): Promise<readonly ShownAlert[]> {
    return (await this.#found(this.reads, who, rows)).map(({ fact, kind, row }) => shownAs(fact, kind, row));
  }

  /** What a rule would have told since an instant, as the person may read it now, latest first. */
  async preview(who: Principal, rule: RuleTerms, since: Instant): Promise<readonly ShownAlert[]> {
    const party = partyOf(who);
    if (party === null) return [];
    const { kinds = null, filter = {} } = rule;
    const asked = this.kinds.filter(({ kind }) => !kinds?.length || kinds.includes(kind)).map(({ kind }) => kind);
    const shown: ShownAlert[] = [];
    for (let before: bigint | null = null; shown.length < MOST_PREVIEWED;) {
      const facts = await this.inbox.facts(asked, since, before, AT_A_TIME);
      const own = facts.filter(({ kind, parties }) => this.#isFor(kind, parties, party));
      for (const { fact, kind, row } of await this.#found(this.reads, who, own)) {
        if (!wants({ owner: party, kinds, filter } as never, kind, subjectOf(fact.key, row))) continue;
        const id = idOfAlert('preview', `${fact.view} ${fact.key}`, `${fact.kind} ${fact.fact}`, who.person);
        const { severity } = kind;
        shown.push(shownAs({ ...fact, id, rule: SYSTEM_RULE, severity, state: 'NEW' }, kind, row));
      }
      if (facts.length < AT_A_TIME) break;
      before = facts.at(-1)!.number;
    }
    return shown.slice(0, MOST_PREVIEWED);
  }

  #isFor(name: string, parties: readonly string[], party: string): boolean {
    const kind = this.#kinds.get(name);
    return kind !== undefined && (kind.meant === 'AUDIENCE' || parties.includes(party));
  }

  async *#rows(
    who: Principal,
    filter: InboxFilter,
    before: bigint | null,
    atATime: number,
  ): AsyncGenerator<readonly InboxRow[]> {
    for (let number = before; ;) {
      const some = await this.inbox.before(AlertDesk.looker(who), filter, number, atATime);
      yield some;
      if (some.length < atATime) return;
      number = some.at(-1)!.number;
    }
  }

  async #found<Fact extends AlertFact>(reads: ReadModels, who: Principal, facts: readonly Fact[]) {
    const of = facts.flatMap((fact) => {
      const kind = this.#kinds.get(fact.kind);
      return kind && kind.view.name === fact.view ? [{ fact, kind }] : [];
    });
    const rows = new Map<string, Marked>();
    for (const [view, some] of Map.groupBy(of, ({ kind }) => kind.view)) {
      const found = await reads.find(view, who, [...new Set(some.map(({ fact }) => fact.key))]);
      for (const [key, row] of found) rows.set(`${view.name} ${key}`, row);
    }
    return of.flatMap(({ fact, kind }) => {
      const row = rows.get(`${fact.view} ${fact.key}`) ?? null;
      const endsSight = kind.meant === 'PARTY' && kind.endsSight;
      return row !== null || endsSight ? [{ fact, kind, row }] : [];
    });
  }
}

const shownAs = (row: InboxRow, kind: AnyAlertKind, of: Marked | null): ShownAlert => {
  const { number, id, severity, state, at, dueAt, key: record, rule } = row;
  const title = titleOf(of);
  const recordKind = recordKindOf(kind);
  return {
    ...{ number, id, kind: kind.kind, severity, state, at, record, recordKind },
    ...(dueAt && { dueAt }),
    rule: rule === SYSTEM_RULE ? null : rule,
    link: `/records/${recordKind}/${record}`,
    text: title === null ? kind.description : `${kind.description.replace(/[.]$/, '')}: ${title}`,
  };
};
