import type { AlertRuleEvent, AlertSettingEvent } from '@capabilities/alerts';
import { RuleIndex, type MatchedRule } from '@foundation/alerting';
import type { DomainEvent, Party } from '@kernel';

type Saved = AlertRuleEvent['data'] & { readonly owner: Party };
type Set_ = AlertSettingEvent['data'] & { readonly owner: Party };
export type KeptBody = { readonly category: string; readonly body: object };

/** What people want to be told of, and when, as the history says it. */
export class Rules {
  readonly index = new RuleIndex();
  readonly settings = new Map<string, Set_>();
  readonly #bodies = new Map<string, KeptBody>();

  constructor(kept: ReadonlyMap<string, KeptBody>) {
    for (const [id, { category, body }] of kept) this.#set(id, category, body);
  }

  static readonly categories: readonly string[] = ['alertRule', 'alertSetting'];

  rule(id: string): Saved | null {
    const kept = this.#bodies.get(id);
    return kept?.category === 'alertRule' ? (kept.body as Saved) : null;
  }

  /** @returns what is kept of the record after the fact */
  note(id: string, category: string, event: DomainEvent): KeptBody {
    const { marking, ...body } = event.data as AlertRuleEvent['data'] | AlertSettingEvent['data'];
    const before = this.#bodies.get(id)?.body as Saved | undefined;
    // The first fact alone says whose the record is.
    const whole = { ...body, owner: marking?.owner ?? before!.owner };
    this.#set(id, category, whole);
    return { category, body: whole };
  }

  /** The record is gone: erased, or not what was recorded. */
  drop(id: string): void {
    this.#bodies.delete(id);
    this.index.delete(id);
    this.settings.delete(id);
  }

  #set(id: string, category: string, body: object): void {
    this.drop(id);
    this.#bodies.set(id, { category, body });
    if (category === 'alertSetting') this.settings.set(id, body as Set_);
    else if (!(body as Saved).isOff) this.index.set(matched(id, body as Saved));
  }
}

const matched = (id: string, { owner, scope, as, kinds, filter = {}, deadlines, to }: Saved): MatchedRule => ({
  id,
  owner,
  as: scope === 'PERSON' ? { person: as.person, country: as.country ?? null, roles: as.roles } : null,
  to: to?.length ? to : owner === 'SECRETARIAT' ? ['SECRETARIAT'] : ['DELEGATE'],
  kinds: kinds ?? null,
  leads: deadlines?.leads ?? null,
  filter,
});
