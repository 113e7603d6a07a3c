import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { CommandPipeline, Follower, newId, Register, type Issued, type Outcome } from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { country, day, type Command, type CountryCode, type Principal, type RecordId } from '@kernel';
import { EU, JP, NOW, secretariat, US } from '@kernel/testing';
import { startEventStore, type StartedEventStore } from '../../../../../test/support/event-store.js';
import { until } from '../../../../../test/support/waiting.js';
import { access, groupRecordType, memberRecordType } from './access.manifest.js';
import { accessRegister, principalOf, type AccessRegister } from './access.register.js';
import { Departures } from './group/departures.process.js';

/** A node of the API, as far as groups are concerned. */
class Node {
  readonly register: Register<AccessRegister>;
  readonly departures: Departures;
  readonly #pipeline: CommandPipeline;
  readonly #running = new AbortController();

  constructor(private readonly store: EventStoreDbEventStore) {
    this.#pipeline = new CommandPipeline(store, [access], () => NOW);
    this.register = new Register(store, accessRegister);
    this.departures = new Departures(this.register, { issue: (issued) => this.#pipeline.issue(issued) });
    void this.register.follow(this.#running.signal, () => undefined);
  }

  /** From here on it notes by itself what is due. */
  follow(): void {
    const follower = new Follower(this.store, [this.departures], () => NOW);
    void follower.follow(this.#running.signal, () => undefined);
  }

  async give(recordType: Issued['recordType'], command: Command, by: Principal): Promise<Outcome> {
    const issued = { recordType, command, who: by, commandId: newId(), correlationId: 'c' };
    await this.departures.before(issued);
    const outcome = await this.#pipeline.issue(issued);
    if (outcome.accepted === true) await this.register.reached(outcome.position, 60_000);
    return outcome;
  }

  /** A delegate of a country, with the rights that this node knows of. */
  delegate(of: CountryCode): Principal {
    return principalOf({ person: newId(), country: of, roles: ['DELEGATE'] }, this.register.state, NOW);
  }

  stop(): void {
    this.#running.abort();
  }
}

describe('Who leaves a group with the alliance', () => {
  let server: StartedEventStore;
  let store: EventStoreDbEventStore;
  const nodes: Node[] = [];
  const start = async (): Promise<Node> => {
    const node = new Node(store);
    nodes.push(node);
    await node.register.ready;
    return node;
  };
  beforeAll(async () => {
    server = await startEventStore();
    store = new EventStoreDbEventStore(server.url);
  });
  afterAll(async () => {
    for (const node of nodes) node.stop();
    await store?.close();
    await server?.stop();
  });

  const done = async (node: Node, ...of: Parameters<Node['give']>): Promise<RecordId> => {
    const outcome = await node.give(...of);
    if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
    return outcome.recordId;
  };
  const admit = (node: Node, one: CountryCode) =>
    done(
      node,
      memberRecordType,
      { type: 'AdmitMember', country: one, since: day('2026-02-04') } as Command,
      secretariat,
    );
  const withdraw = (node: Node, one: CountryCode) =>
    done(node, memberRecordType, { type: 'WithdrawMember', country: one } as Command, secretariat);
  const found = (node: Node, owner: CountryCode, ...members: CountryCode[]) =>
    done(
      node,
      groupRecordType,
      { type: 'FoundGroup', name: 'G', members, membersVisible: false } as Command,
      node.delegate(owner),
    );
  const typesIn = async (id: RecordId): Promise<readonly string[]> =>
    (await Array.fromAsync(store.read('group', id))).map((each) => ('event' in each ? each.event.type : '?'));
  const PASSED = ['access.GroupFounded.v1', 'access.GroupPassedOn.v1'];

  it('is noted once, however many nodes see it, and by one that starts afterwards', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    for (const each of [JP, US, EU]) await admit(one, each);
    const early = await found(one, JP, US, EU);
    one.follow();
    other.follow();
    await withdraw(one, JP);
    await until('the group is passed on', async () => (await typesIn(early)).length > 1);
    await until('each node knows', () =>
      nodes.every(({ register }) => register.state.groups.departed.get(early)?.size === 0),
    );
    expect(await typesIn(early)).toEqual(PASSED);
    one.stop();
    other.stop();

    const before = await start();
    await admit(before, JP);
    const late = await found(before, JP, US);
    await withdraw(before, JP);
    expect(await typesIn(late)).toEqual(PASSED.slice(0, 1));
    before.stop();
    const after = await start();
    after.follow();
    await until('the group is passed on', async () => (await typesIn(late)).length > 1);
    expect(await typesIn(late)).toEqual(PASSED);
  });

  it('is noted before a command on the group is decided, and then holds', async () => {
    const node = await start();
    const [FR, AU] = [country('FR'), country('AU')];
    for (const each of [FR, US, EU]) await admit(node, each);
    const group = await found(node, FR, EU, US);
    const enter = { type: 'AdmitToGroup', id: group, country: AU } as Command;
    expect(await node.give(groupRecordType, enter, node.delegate(EU))).toMatchObject({ code: 'ACCESS.DENIED' });
    await withdraw(node, FR);
    expect(await node.give(groupRecordType, enter, node.delegate(FR))).toMatchObject({ accepted: false });
    expect(await node.give(groupRecordType, enter, node.delegate(US))).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await node.give(groupRecordType, enter, node.delegate(EU))).toMatchObject({ recorded: true });
    // Back in the alliance, it is in none of its groups, until whoever rules one takes it in.
    await admit(node, FR);
    expect(await node.give(groupRecordType, enter, node.delegate(FR))).toMatchObject({ code: 'GROUPS.NOT_FOUND' });
    const again = { type: 'AdmitToGroup', id: group, country: FR } as Command;
    expect(await node.give(groupRecordType, again, node.delegate(EU))).toMatchObject({ recorded: true });
    expect(node.delegate(FR).audiences).toContain(`group:${group}`);
  });

  it('leaves it though it does not rule it, and can be taken in again', async () => {
    const node = await start();
    const KR = country('KR');
    for (const each of [US, KR]) await admit(node, each);
    const group = await found(node, US, KR);
    await withdraw(node, KR);
    const enter = { type: 'AdmitToGroup', id: group, country: KR } as Command;
    // In its stream it was in the group still.
    expect(await node.give(groupRecordType, enter, node.delegate(US))).toMatchObject({ recorded: true });
    expect(node.delegate(KR).audiences).toContain(`group:${group}`);
  });
});
