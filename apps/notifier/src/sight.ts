import { principalOf, type AccessRegister } from '@capabilities/access';
import type { Alert, MatchedRule } from '@foundation/alerting';
import type { ReadModels, Register } from '@foundation/eventing';
import {
  COUNTRIES,
  mayRead,
  ownerAudience,
  partyOf,
  PLATFORM,
  readerFor,
  SECRETARIAT,
  type AnyAlertKind,
  type AnyView,
  type Instant,
  type Marked,
  type Party,
  type Principal,
  type ShownView,
} from '@kernel';

/** Roles by which a party's people read what is released to it. */
const OF_COUNTRY = ['DELEGATE'];

/** Who may see what, for whoever is not there: by the registers, and through the read gateway. */
export class Sight {
  /** Everybody who owns a record: the notifier looks at rows as their owners do, to know what rules ask of them. */
  readonly #owners: Principal;

  constructor(
    private readonly register: Register<AccessRegister>,
    private readonly reads: ReadModels,
    private readonly now: () => Instant,
  ) {
    this.#owners = {
      person: PLATFORM,
      country: null,
      roles: [],
      isMember: false,
      audiences: [...COUNTRIES.map(({ code }) => ownerAudience(code as Party)), ownerAudience(SECRETARIAT)],
      deniedAs: [],
      clearance: 'SECRET',
      breakGlassRecords: [],
      mandate: null,
    };
  }

  /** The rows as their owners see them; a part of a whole that is not there is not there. */
  rows(view: AnyView, keys: readonly string[]): Promise<ReadonlyMap<string, Marked>> {
    return this.reads.find(view, this.#owners, keys);
  }

  /** Whoever a rule is for, now; null where the person acts for its party no longer. */
  principalOf({ owner, as }: Pick<MatchedRule, 'owner' | 'as'>): Principal | null {
    if (as === null) return this.partyOf(owner);
    const who = principalOf(as, this.register.state, this.now());
    return partyOf(who) === owner ? who : null;
  }

  /** The people of a party, of whom each one's clearance is asked when it looks. */
  partyOf(party: Party): Principal {
    const [country, roles] = party === SECRETARIAT ? [null, [SECRETARIAT]] : [party, OF_COUNTRY];
    const who = principalOf({ person: PLATFORM, country, roles }, this.register.state, this.now());
    return { ...who, clearance: 'SECRET' };
  }

  /** Of some alerts, those whose record somebody may read now, and that is not classified: what messages may speak of. */
  async sayable(kinds: ReadonlyMap<string, AnyAlertKind>, who: Principal, alerts: readonly Alert[]) {
    const sayable = new Set<string>();
    for (const [kind, some] of Map.groupBy(alerts, ({ kind: name }) => kinds.get(name))) {
      const rows = kind && (await this.reads.find<Marked>(kind.view, who, [...new Set(some.map(({ key }) => key))]));
      const isLoss = kind?.meant === 'PARTY' && kind.endsSight;
      for (const { id, key } of some) {
        const row = rows?.get(key);
        if (row ? (row.marking.level ?? 'OPEN') === 'OPEN' : isLoss) sayable.add(id);
      }
    }
    return alerts.filter(({ id }) => sayable.has(id));
  }

  /** Of those who ask, who may read a row now. Equal readers are asked of the read gateway once. */
  async readers<T extends { readonly who: Principal }>(
    view: ShownView,
    key: string,
    row: Marked,
    asking: readonly T[],
  ): Promise<readonly T[]> {
    const now = this.now();
    const capability = view.name.slice(0, view.name.indexOf('.'));
    const likely = asking.filter(({ who }) => mayRead(row.marking, readerFor(who, capability), now));
    if (!view.parent) return likely;
    // A part is not shown without its whole, which the gateway knows.
    const answers = new Map<string, Promise<boolean>>();
    const maySee = (who: Principal): Promise<boolean> => {
      const { audiences, clearance } = readerFor(who, capability);
      const name = `${clearance} ${audiences.filter((one) => !one.startsWith('person:')).join()}`;
      const answer = answers.get(name) ?? this.reads.find(view, who, [key]).then((found) => found.has(key));
      answers.set(name, answer);
      return answer;
    };
    const seen = await Promise.all(likely.map(({ who }) => maySee(who)));
    return likely.filter((_, at) => seen[at]);
  }
}
