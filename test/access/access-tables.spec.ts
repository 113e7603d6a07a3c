import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { accessRegister, principalOf, SUBJECTS, type AccessRegister } from '@capabilities/access';
import { describe, expect, it } from '@jest/globals';
import {
  audience,
  fold,
  isRecordCommand,
  mayActOnRecord,
  mayIssueOfRecord,
  mayRead,
  NO_RECORD,
  partyOf,
  type AnyRecordType,
  type Command,
  type DomainEvent,
  type Marking,
  type Party,
  type PersonRef,
  type Principal,
} from '@kernel';
import { JP, NOW, US } from '@kernel/testing';
import { buildSchema } from 'graphql';
import { load } from 'js-yaml';
import { capabilities } from '../../apps/api/src/capabilities.js';
import { sampleOf } from '../history/samples.js';

const table = <T>(name: string): T => load(readFileSync(`test/access/${name}.yaml`, 'utf8')) as T;

const PEOPLE = { owner: 'JP', host: 'KR', member: 'US', nonMember: 'CL', alliance: null } as const;
type Capacity = keyof typeof PEOPLE;
const NATIONAL = ['liaison', 'delegate', 'approver', 'auditor', 'observer'];
const OF_THE_ALLIANCE = ['secretariat', 'auditor', 'observer'];

/** Ids for the names of a table: `idOf('gallium')` is always the same UUID. */
const idOf = (name: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(name.padEnd(6)).subarray(0, 6).toString('hex')}`;

const registerOf = (events: readonly (readonly [DomainEvent, string])[]): AccessRegister =>
  events.reduce(
    (register, [event, recordId]) => accessRegister.evolve(register, event, recordId),
    accessRegister.initial,
  );

const admitted = (country: string): [DomainEvent, string] => [
  { type: 'access.MemberAdmitted.v1', data: { country, since: '2026-01-01' } },
  idOf(country),
];

const SOMEBODY = idOf('someone') as PersonRef;

describe('The table of commands', () => {
  type Row = Partial<Record<Capacity, readonly string[]>>;
  const rows = Object.entries(table<Record<string, Record<string, Row>>>('commands')).flatMap(([category, commands]) =>
    Object.entries(commands).map(([mutation, may]) => ({ category, mutation, may })),
  );
  const recordTypes = new Map<string, AnyRecordType>(
    capabilities.flatMap((each) => each.recordTypes).map((each) => [each.category, each]),
  );
  const register = registerOf(['JP', 'KR', 'US'].map(admitted));
  const person = (capacity: Capacity, role: string | null): Principal =>
    principalOf(
      {
        person: idOf(`${capacity} ${role}`),
        country: PEOPLE[capacity],
        roles: role === null ? [] : [role.toUpperCase()],
      },
      register,
      NOW,
    );

  it('has one row for each mutation of the contract, and no other', () => {
    const mutations = buildSchema(readFileSync('docs/schema.graphql', 'utf8')).getMutationType()!.getFields();
    expect(rows.map(({ mutation }) => mutation).sort()).toEqual(Object.keys(mutations).sort());
  });

  it('names no people and no roles but those that it explains', () => {
    for (const { may } of rows) {
      expect(Object.keys(PEOPLE)).toEqual(expect.arrayContaining(Object.keys(may)));
      for (const [capacity, roles] of Object.entries(may))
        expect(capacity === 'alliance' ? OF_THE_ALLIANCE : NATIONAL).toEqual(expect.arrayContaining([...roles]));
    }
  });

  it.each(rows)('says who may give $mutation', ({ category, mutation, may }) => {
    const recordType = recordTypes.get(category === 'record' ? 'project' : category)!;
    const command = commandOf(mutation);
    if (isRecordCommand(command)) {
      const record = { ...NO_RECORD, marking: recordOfJapan(recordType).marking };
      return expectTo(may, (who) => mayIssueOfRecord(command, who) && mayActOnRecord(who, record));
    }
    const { state, marking } = recordOfJapan(recordType);
    const [target, elsewhere] = [JP, US].map((party) => recordType.targetOf(command, party, SOMEBODY));
    const isOwn = !isDeepStrictEqual(target, elsewhere);
    // Where each party keeps a record of its own, the command meets that one.
    const recordFor = (who: Principal): Marking => (isOwn ? { ...marking, owner: partyOf(who) ?? JP } : marking);
    expectTo(
      may,
      (who) =>
        recordType.access.mayIssue(command, who) &&
        ('fresh' in target! || recordType.access.mayAct(command, who, state, recordFor(who))),
    );
  });

  const expectTo = (may: Row, mayGive: (who: Principal) => boolean): void => {
    for (const capacity of Object.keys(PEOPLE) as Capacity[]) {
      const roles = capacity === 'alliance' ? OF_THE_ALLIANCE : NATIONAL;
      expect({ [capacity]: roles.filter((role) => mayGive(person(capacity, role))) }).toEqual({
        [capacity]: may[capacity] ?? [],
      });
      expect(mayGive(person(capacity, null))).toBe(false);
    }
  };

  /** Whatever a rule of access may look at: the command is given in the name of Japan, or about what is Japan's. */
  const commandOf = (mutation: string): Command =>
    ({
      type: mutation[0]!.toUpperCase() + mutation.slice(1),
      id: idOf('record'),
      projectId: idOf('project'),
      country: 'JP',
      list: 'JP_CRITICAL',
      code: 'gallium',
      material: 'gallium',
      year: 2024,
      quarter: '2024-Q1',
      stage: 'MINING',
      person: idOf('someone'),
      role: 'LIAISON',
      level: 'SECRET',
      group: idOf('inner'),
      delegate: 'EU',
      subjects: ['projects'],
      record: idOf('hidden'),
      approver: 'JP',
      kid: 'key',
      on: true,
      digest: 'digest',
      rule: { scope: 'COUNTRY' },
    }) as Command;

  const FIRST_EVENTS: Readonly<Record<string, string>> = {
    project: 'projects.ProjectProposed.v1',
    pledge: 'projects.InvestmentPledged.v1',
    stockDeclaration: 'stockpiles.StockDeclared.v1',
    stockTotal: 'stockpiles.StockTotalPublished.v1',
    brief: 'briefs.BriefWritten.v1',
    useRequest: 'briefs.UseRequested.v1',
    accessRequest: 'briefs.AccessRequested.v1',
    reading: 'sharing.RecordRead.v1',
    group: 'access.GroupFounded.v1',
    person: 'access.RoleGranted.v1',
    mandate: 'access.MandateGranted.v1',
    emergencyAccess: 'access.EmergencyAccessRequested.v1',
    member: 'access.MemberAdmitted.v1',
    material: 'materials.MaterialRegistered.v1',
    production: 'materials.ProductionReported.v2',
    worldProduction: 'materials.WorldProductionReported.v1',
    auditMandate: 'audit.AuditMandateGranted.v1',
    signingKeys: 'audit.KeyRegistered.v1',
    act: 'acts.ActPrepared.v1',
    comment: 'comments.CommentWritten.v1',
    alertRule: 'alerts.AlertRuleSaved.v1',
    alertSetting: 'alerts.AlertSettingsSet.v1',
    alertTaking: 'alerts.AlertAnswered.v1',
  };
  const OF_THE_SECRETARIAT = ['emergencyAccess', 'member', 'material', 'production', 'worldProduction', 'stockTotal'];

  const recordOfJapan = (recordType: AnyRecordType): { state: unknown; marking: Marking } => {
    const { type, data } = JSON.parse(sampleOf(FIRST_EVENTS[recordType.category]!)) as DomainEvent<string, object>;
    const owner = (OF_THE_SECRETARIAT.includes(recordType.category) ? 'SECRETARIAT' : 'JP') as Party;
    const marking: Marking = { owner, releaseTo: ['PUBLIC'], handling: 'CLEAR' };
    return {
      marking,
      state: fold(recordType.decider, [{ type, data: { ...data, country: 'JP', hostCountry: 'KR', marking } }]),
    };
  };
});

describe('A mandate', () => {
  it('can cover every capability but those that say who may see what, and what was decided', () =>
    expect([...SUBJECTS, 'access', 'acts', 'alerts', 'audit', 'sharing'].sort()).toEqual(
      capabilities.map(({ name }) => name).sort(),
    ));
});

describe('The table of markings', () => {
  type Person = { country: string | null; roles: string[]; granted?: string[]; revoked?: string[] };
  type Table = {
    members: string[];
    groups: Record<string, string[]>;
    people: Record<string, Person>;
    records: { 'released to': string[]; 'seen by': string[] | 'everybody' }[];
  };
  const { members, groups, people, records } = table<Table>('markings');

  const register = registerOf([
    ...members.map(admitted),
    ...Object.entries(groups).map(([name, [owner, ...others]]): [DomainEvent, string] => [
      {
        type: 'access.GroupFounded.v1',
        data: { name, members: others, membersVisible: false, marking: { owner, releaseTo: [], handling: 'AMBER' } },
      },
      idOf(name),
    ]),
    ...Object.entries(people).flatMap(([name, { country, granted = [], revoked = [] }]) => [
      ...granted.map((role): [DomainEvent, string] => [
        { type: 'access.RoleGranted.v1', data: { person: name, role, country } },
        idOf(name),
      ]),
      ...revoked.map((role): [DomainEvent, string] => [
        { type: 'access.RoleRevoked.v1', data: { person: name, role, country } },
        idOf(name),
      ]),
    ]),
  ]);

  it('names no people but those that it introduces', () => {
    for (const { 'seen by': seenBy } of records)
      if (seenBy !== 'everybody') expect(Object.keys(people)).toEqual(expect.arrayContaining(seenBy));
  });

  it.each(records)(
    'says who sees what is released to $released to',
    ({ 'released to': releasedTo, 'seen by': seenBy }) => {
      const marking: Marking = {
        owner: 'JP' as Party,
        releaseTo: releasedTo.map((name) => audience(name in groups ? idOf(name) : name)),
        handling: 'AMBER',
      };
      const see = Object.entries(people).filter(([name, { country, roles }]) =>
        mayRead(marking, principalOf({ person: name, country, roles }, register, NOW), NOW),
      );
      expect(see.map(([name]) => name)).toEqual(
        seenBy === 'everybody' ? Object.keys(people) : Object.keys(people).filter((name) => seenBy.includes(name)),
      );
    },
  );
});
