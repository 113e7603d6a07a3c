import type { Party, PersonRef, Role, Severity, Stage } from '@kernel';

/** A rule as the matcher needs it. */
export type MatchedRule = {
  readonly id: string;
  readonly owner: Party;
  /** As whom its person was signed in; null for a rule of the party. */
  readonly as: {
    readonly person: PersonRef;
    readonly country: string | null;
    readonly roles: readonly string[];
  } | null;
  readonly to: readonly Role[];
  readonly kinds: readonly string[] | null;
  readonly leads: readonly number[] | null;
  readonly filter: {
    readonly materials?: readonly string[];
    readonly countries?: readonly Party[];
    readonly stages?: readonly Stage[];
    readonly records?: readonly string[];
    readonly mentionsOwnCountry?: boolean;
    readonly minSeverity?: Severity;
  };
};

/** What rules ask of a record. */
export type Subject = {
  readonly key: string;
  readonly materials: readonly string[];
  readonly stages: readonly string[];
  readonly parties: readonly string[];
};

const ANY = '*';

/** Rules by what they are for, so that a fact meets those that may want it, and no others. */
export class RuleIndex {
  readonly #rules = new Map<string, MatchedRule>();
  /** Ids of rules by kind and by record or material: the narrowest that a rule names. */
  readonly #places = new Map<string, Set<string>>();

  get all(): Iterable<MatchedRule> {
    return this.#rules.values();
  }

  set(rule: MatchedRule): void {
    this.delete(rule.id);
    this.#rules.set(rule.id, rule);
    for (const place of placesOf(rule)) {
      const ids = this.#places.get(place) ?? new Set();
      this.#places.set(place, ids.add(rule.id));
    }
  }

  delete(id: string): void {
    const rule = this.#rules.get(id);
    if (!rule) return;
    this.#rules.delete(id);
    for (const place of placesOf(rule)) {
      const ids = this.#places.get(place)!;
      ids.delete(id);
      if (ids.size === 0) this.#places.delete(place);
    }
  }

  /** The rules that may want a fact of this kind; whether they do is still to be asked. */
  candidates(kind: string, { key, materials }: Subject): readonly MatchedRule[] {
    const found = new Set<string>();
    for (const name of [kind, ANY])
      for (const place of [ANY, `record ${key}`, ...materials.map((each) => `material ${each}`)])
        for (const id of this.#places.get(`${name} ${place}`) ?? []) found.add(id);
    return [...found].map((id) => this.#rules.get(id)!);
  }
}

const placesOf = ({ kinds, filter: { records, materials } }: MatchedRule): readonly string[] => {
  const about = records?.length
    ? records.map((each) => `record ${each}`)
    : materials?.length
      ? materials.map((each) => `material ${each}`)
      : [ANY];
  return (kinds?.length ? kinds : [ANY]).flatMap((kind) => about.map((each) => `${kind} ${each}`));
};
