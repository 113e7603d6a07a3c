import {
  isUnreadable,
  RecordGateway,
  eventsUntil,
  Refolded,
  wholly,
  type EventStore,
  type ReadModels,
  type Register,
  type StoredEvent,
} from '@foundation/eventing';
import { badInput, badToken, nextResponseSlot, type OpaqueTokens } from '@foundation/graphql';
import {
  commandNamesOf,
  CONTENT_WITHHELD,
  evolveRecord,
  hasBegun,
  NO_RECORD,
  partyOf,
  type AnyView,
  type Capability,
  type ContentWithheld,
  type Day,
  type Instant,
  type Marked,
  type Party,
  type Principal,
  type RecordId,
} from '@kernel';
import { auditingReader, mayAudit, type AuditRegister } from '../register/audit.register.js';
import type { CommandRefused } from '../rejection/rejection.events.js';
import { Judge } from './replay-judge.query.js';
import type { DecisionRequest, Decisions, Moment } from './replay.query.js';
import { columnsOf } from './replay.rule.js';
import type { Decision, HistoryFact, KnownRow, RecordAsOf, RecordHistory } from './replay.view.js';

/** Events that one page of decisions looks at; a filter that fits little goes on with the next page. */
const MAX_LOOKED_AT = 5_000;
const REFUSED: CommandRefused['type'] = 'audit.CommandRefused.v1';

/** One record with its whole history, and what became of its rows. */
type Record_ = {
  readonly category: string;
  readonly capability: Capability;
  readonly events: readonly StoredEvent[];
  readonly owner: Party;
  readonly rows: Refolded;
};

/** Replays from the history, each view folded anew by its own pure function. */
export class RecordReplays {
  readonly #door: RecordGateway;
  readonly #commands: ReadonlySet<string>;

  /**
   * @param structure the same history, of which nothing but the structure is read
   * @param reads the door that everybody reads through: it says what a person may read now, and notes that it did
   */
  constructor(
    private readonly events: EventStore,
    private readonly structure: EventStore,
    private readonly reads: ReadModels,
    private readonly register: Register<AuditRegister>,
    private readonly capabilities: readonly Capability[],
    private readonly seal: OpaqueTokens,
    private readonly now: () => Instant,
  ) {
    this.#door = new RecordGateway(structure, capabilities, now);
    this.#commands = commandNamesOf(capabilities);
  }

  history(id: RecordId, who: Principal, atLeast?: string): Promise<RecordHistory | null> {
    return this.#answer(atLeast, () => this.#history(id, who));
  }

  recordAt(id: RecordId, when: Moment, who: Principal, atLeast?: string): Promise<RecordAsOf | null> {
    return this.#answer(atLeast, () => this.#recordAt(id, when, who));
  }

  async #history(id: RecordId, who: Principal): Promise<RecordHistory | null> {
    const record = await this.#record(id, who);
    if (!record) return null;
    const judge = await this.#judge(record, id, who);
    const isAuditor = who.roles.includes('AUDITOR');
    const isOwn = who.mandate === null && partyOf(who) === record.owner;
    const replay = new Refolded(record.capability.views);
    const facts: HistoryFact[] = [];
    for (const stored of record.events) {
      const { metadata, recordedAt } = stored;
      const changes = replay.take(stored).flatMap((change) => judge.changes(change, recordedAt));
      const isOpen = changes.length > 0 || isOwn;
      // What changed nothing that the reader could see may be about something that it may not know of.
      if (!isOpen && !isAuditor) continue;
      const party = metadata.party as Party;
      const isLetIn = mayAudit(this.register.state, who, party, record.capability.name, this.now());
      const knowsWho = isLetIn || (who.mandate === null && partyOf(who) === party);
      facts.push({
        eventId: stored.id,
        type: nameOf(stored),
        at: recordedAt,
        by: isOpen || isLetIn ? party : null,
        person: knowsWho ? metadata.actor : null,
        mandate: knowsWho ? (metadata.capacity?.mandate ?? null) : null,
        policyVersion: metadata.policyVersion,
        isOpen,
        changes,
      });
    }
    // Of what is erased, its owner too is told by the list of erasures alone.
    if (!isAuditor && !facts.some(({ changes }) => changes.length > 0)) return null;
    return { id, kind: record.category, facts };
  }

  async #recordAt(id: RecordId, when: Moment, who: Principal): Promise<RecordAsOf | null> {
    const moment = 'time' in when ? when : { position: this.#positionIn(when.position) };
    const record = await this.#record(id, who);
    if (!record) return null;
    const judge = await this.#judge(record, id, who);
    const past = eventsUntil(record.events, moment);
    const at = 'time' in when ? when.time : (past.at(-1)?.recordedAt ?? this.now());
    const then = new Refolded(record.capability.views);
    for (const stored of past) then.take(stored);
    const knownThen = record.capability.views.flatMap((view) =>
      [...then.rows(view)].flatMap(([key, row]) => (judge.mayShow(view, key, row, at) ? [shown(view, row)] : [])),
    );
    const isKnown = record.capability.views.some((view) =>
      [...record.rows.rows(view)].some(([key, row]) => judge.mayShow(view, key, row, this.now())),
    );
    // Whoever may not read it now learns neither that it was there then nor that it was not.
    if (!isKnown && knownThen.length === 0) return null;
    const knownNow = record.capability.views.flatMap((view) =>
      [...record.rows.rows(view)].flatMap(([key, row]) => {
        const { asOf } = row as Marked & { readonly asOf?: Day };
        const isOfThatDay = asOf !== undefined && hasBegun(asOf, at);
        return isOfThatDay && judge.mayShow(view, key, row, this.now()) ? [shown(view, row)] : [];
      }),
    );
    return { id, kind: record.category, at, knownThen, ...(knownNow.length > 0 && { knownNow }) };
  }

  async decisions({ filter, first, after }: DecisionRequest, who: Principal): Promise<Decisions> {
    const unknown = filter.command?.find((name) => !this.#commands.has(name));
    if (unknown !== undefined) throw badInput(`command: there is no command ${JSON.stringify(unknown)}.`, 'command');
    const from = after === undefined ? null : this.#decisionPlace(after);
    if (!who.roles.includes('AUDITOR')) return this.#page([], false, from, null);
    const over = new AbortController();
    const only = filter.refused === true ? { types: [REFUSED] } : {};
    const nodes: Decision[] = [];
    let group: StoredEvent[] = [];
    let last = from;
    let lookedAt = 0;
    let hasNextPage = true;
    const close = (): void => {
      const decision = group.length > 0 ? this.#decision(group, who) : null;
      if (decision && fits(decision, filter)) nodes.push(decision);
      last = group.at(-1)?.position ?? last;
      group = [];
    };
    try {
      for await (const item of this.structure.follow({ after: from, ...only, signal: over.signal })) {
        if (item === 'caughtUp') {
          hasNextPage = false;
          break;
        }
        if (isUnreadable(item)) continue;
        const [before] = group;
        if (before && commandOf(before) !== commandOf(item)) close();
        if (nodes.length === first || lookedAt++ >= MAX_LOOKED_AT) break;
        group.push(item);
      }
      if (!hasNextPage) close();
    } finally {
      over.abort();
    }
    return this.#page(nodes, hasNextPage, from, last);
  }

  #page(nodes: Decision[], hasNextPage: boolean, from: bigint | null, last: bigint | null): Decisions {
    const endCursor = last === null ? null : this.seal.close('decision', [last.toString()]);
    return { nodes, pageInfo: { hasNextPage, hasPreviousPage: from !== null, startCursor: null, endCursor } };
  }

  #decision(events: readonly StoredEvent[], who: Principal): Decision {
    const [{ event, metadata, recordedAt, category, recordId }] = events as [StoredEvent];
    const refused = event.type === REFUSED ? (event as CommandRefused).data : null;
    const party = refused ? refused.party : (metadata.party as Party);
    const isLetIn = party !== null && mayAudit(this.register.state, who, party, null, this.now());
    return {
      at: recordedAt,
      accepted: refused === null,
      command: refused?.command ?? metadata.command ?? null,
      code: refused?.code ?? null,
      times: refused?.times ?? 1,
      kind: refused?.category ?? category,
      // What somebody guessed at is not the structure of anything.
      record: refused ? (isLetIn ? (refused.record ?? null) : null) : recordId,
      events: refused ? [] : events.map(nameOf),
      by: isLetIn ? party : null,
      person: isLetIn ? metadata.actor : null,
      policyVersion: metadata.policyVersion,
    };
  }

  /** The answer; where it is nothing, not sooner and not later for what is hidden than for what is absent. */
  async #answer<T>(atLeast: string | undefined, ask: () => Promise<T | null>): Promise<T | null> {
    if (atLeast !== undefined) {
      // For all read models, whatever the record is: which of them are late must not tell whether it is there.
      const views = this.capabilities.flatMap((each) => each.views);
      await this.reads.reached(views, this.#positionIn(atLeast));
    }
    const started = performance.now();
    const answered = await ask();
    if (answered === null) await nextResponseSlot(started);
    return answered;
  }

  /**
   * The record with this id, whatever its kind; null also where this person may not read it, of which it is not read
   * then. All kinds are asked at once: an absent one takes as long as any other. Auditors are told of every record.
   */
  async #record(id: RecordId, who: Principal): Promise<Record_ | null> {
    const isAuditor = who.roles.includes('AUDITOR');
    const found = await Promise.all(
      this.capabilities.flatMap((capability) =>
        capability.recordTypes.map(async ({ category }) => {
          const isOpen = isAuditor || (await this.#door.mayRead(category, id, who));
          return {
            capability,
            category,
            events: isOpen ? wholly(await Array.fromAsync(this.events.read(category, id))) : [],
          };
        }),
      ),
    );
    const record = found.find(({ events }) => events?.length !== 0);
    if (!record?.events) return null;
    const { events, capability, category } = record;
    const known = events.reduce((so, { event }) => evolveRecord(so, event), NO_RECORD);
    const rows = new Refolded(capability.views);
    for (const stored of events) rows.take(stored);
    // A record may have passed to another owner: its last event says whose it is.
    const marking = events.at(-1)?.metadata.standing?.marking ?? known.marking;
    return marking && { capability, category, events, owner: marking.owner, rows };
  }

  /** What this person may be shown of the record's rows. */
  async #judge(record: Record_, id: RecordId, who: Principal): Promise<Judge> {
    const { capability, rows, owner } = record;
    const { state } = this.register;
    const reader = auditingReader(state, who, owner, capability.name, this.now());
    const isLetIn = mayAudit(state, who, owner, capability.name, this.now());
    const readable = new Set<string>();
    for (const view of capability.views) {
      const keys = [...rows.rows(view).keys()];
      const found = keys.length > 0 ? await this.reads.find<Marked>(view, who, keys) : new Map<string, Marked>();
      for (const key of found.keys()) readable.add(`${view.name} ${key}`);
    }
    return new Judge(rows, reader, readable, isLetIn, id, this.now());
  }

  #positionIn(token: string): bigint {
    const [position] = this.seal.open('position', token);
    return BigInt(position as string);
  }

  #decisionPlace(cursor: string): bigint {
    const [position] = this.seal.open('decision', cursor);
    if (typeof position !== 'string') throw badToken();
    return BigInt(position);
  }
}

const shown = (view: AnyView, row: Marked): KnownRow => ({
  list: view.name,
  fields: Object.fromEntries(columnsOf(view, row)),
});

const commandOf = ({ metadata, category, recordId }: StoredEvent): string =>
  `${metadata.party} ${metadata.commandId} ${category} ${recordId}`;

/** An event under its own name, though its content be withheld. */
const nameOf = ({ event }: StoredEvent): string =>
  event.type === CONTENT_WITHHELD ? (event as ContentWithheld).data.of : event.type;

const fits = ({ accepted, command, by }: Decision, filter: DecisionRequest['filter']): boolean =>
  (filter.refused == null || filter.refused === !accepted) &&
  (filter.command == null || (command !== null && filter.command.includes(command))) &&
  (filter.party == null || (by !== null && filter.party.includes(by)));
