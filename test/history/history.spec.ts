import { describe, expect, it } from '@jest/globals';
import {
  evolveRecord,
  isRecordEvent,
  NO_RECORD,
  type AnyRecordType,
  type AnyView,
  type Capability,
  type DomainEvent,
  type Marked,
} from '@kernel';
import { recorded } from '@kernel/testing';
import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { samples } from './samples.js';

const CAPABILITIES = 'libs/capabilities';
const WIRE_NAME = /'([a-z][A-Za-z]*\.[A-Z][A-Za-z]*\.v\d+)'/g;

const events = samples.map(({ text }) => JSON.parse(text) as DomainEvent);

/** Every capability there is, by the manifest that its index exports. */
const capabilities = await Promise.all(
  globSync(`${CAPABILITIES}/*/*`).map(async (folder) => {
    const name = basename(folder);
    const exported = Object.values((await import(`@capabilities/${name}`)) as object) as Partial<Capability>[];
    const manifest = exported.find((each) => each?.name === name && each.recordTypes && each.views);
    if (!manifest) throw new Error(`@capabilities/${name} exports no manifest named ${name}`);
    return manifest as Capability;
  }),
);
const recordTypes = capabilities.flatMap((each) => each.recordTypes);
const views = capabilities.flatMap((each) => each.views);

const wireNames = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(WIRE_NAME)].map(([, name]) => name!);

/** Wire names that the source of a capability writes, reads or folds. */
const published = new Set([
  ...views.flatMap((view) => view.events as readonly string[]),
  ...globSync(`${CAPABILITIES}/*/*/src/**/*.{events,decider,record,view,reaction,register}.ts`).flatMap(wireNames),
]);

/** Facts after which a record goes on. Whoever adds a fact says here, or in `endsWith` of its record type, which it is. */
const GOES_ON = [
  'access.AdmittedToGroup.v1',
  'access.ClearanceGranted.v1',
  'access.ClearanceRevoked.v1',
  'access.EmergencyAccessApproved.v1',
  'access.EmergencyAccessRefused.v1',
  'access.EmergencyAccessRequested.v1',
  'access.GroupFounded.v1',
  'access.GroupPassedOn.v1',
  'access.MandateGranted.v1',
  'access.MemberAdmitted.v1',
  'access.RemovedFromGroup.v1',
  'access.RoleGranted.v1',
  'access.RoleRevoked.v1',
  'access.SubgroupAdmitted.v1',
  'access.SubgroupRemoved.v1',
  'acts.ActCarriedOut.v1',
  'acts.ActLapsed.v1',
  'acts.ActPrepared.v1',
  'acts.ActWithdrawn.v1',
  'alerts.AlertAnswered.v1',
  'alerts.AlertRuleSaved.v1',
  'alerts.AlertSettingsSet.v1',
  'audit.AuditMandateGranted.v1',
  'audit.CommandRefused.v1',
  'audit.KeyRegistered.v1',
  'audit.KeyRevoked.v1',
  'audit.SignatureDemandLifted.v1',
  'audit.SignaturesDemanded.v1',
  'briefs.AccessRequestAnswered.v1',
  'briefs.AccessRequested.v1',
  'briefs.BriefRevised.v1',
  'briefs.BriefWritten.v1',
  'briefs.UseApproved.v1',
  'briefs.UseRefused.v1',
  'briefs.UseRequested.v1',
  'comments.CommentWritten.v1',
  'materials.MaterialDelisted.v1',
  'materials.MaterialListed.v1',
  'materials.MaterialRegistered.v1',
  'materials.ProductionReported.v1',
  'materials.ProductionReported.v2',
  'materials.ProductionRevised.v1',
  'materials.ProductionRevised.v2',
  'materials.WorldProductionReported.v1',
  'materials.WorldProductionRevised.v1',
  'projects.DelayReported.v1',
  'projects.HostConsentGiven.v1',
  'projects.HostConsentRefused.v1',
  'projects.InvestmentPledged.v1',
  'projects.MilestoneReached.v1',
  'projects.PledgeConfirmed.v1',
  'projects.PledgeDrawnDown.v1',
  'projects.ProjectCompleted.v1',
  'projects.ProjectDesignated.v1',
  'projects.ProjectEndorsed.v1',
  'projects.ProjectProposed.v1',
  'projects.ProjectRevised.v1',
  'sharing.RecallAcknowledged.v1',
  'sharing.RecallIssued.v1',
  'sharing.RecordRead.v1',
  'stockpiles.DeclarationApproved.v1',
  'stockpiles.DeclarationCorrected.v1',
  'stockpiles.DeclarationRefused.v1',
  'stockpiles.StockDeclared.v1',
  'stockpiles.StockTotalPublished.v1',
];

const isFirst = (event: DomainEvent): boolean => 'marking' in event.data && !isRecordEvent(event);

/** Which record type an event belongs to: the one whose decider stands beside the file of the events. */
const recordTypeOf = new Map<string, AnyRecordType>();
for (const file of globSync(`${CAPABILITIES}/*/*/src/*/*.{decider,record}.ts`)) {
  const exported = Object.values((await import(resolve(file))) as object) as unknown[];
  const recordType = recordTypes.find((each) => exported.includes(each) || exported.includes(each.decider));
  if (!recordType) throw new Error(`${file} holds the decider of no record type that a manifest names`);
  for (const name of wireNames(file.replace(/[.](decider|record)[.]ts/, '.events.ts')))
    recordTypeOf.set(name, recordType);
}

/** What a decider makes of an event on a record that exists. */
const folded = ({ category, decider }: AnyRecordType, event: DomainEvent): unknown => {
  const own = events.filter((each) => isFirst(each) && recordTypeOf.get(each.type)?.category === category);
  const born = own.reduce(decider.evolve, decider.initial) as unknown;
  return decider.evolve(isFirst(event) ? decider.initial : born, event);
};

/** The rows that a view makes of an event, on a record that exists. */
const rowsAfter = (view: AnyView, event: DomainEvent): (Marked | null)[] => {
  const rows = (one: DomainEvent, before: Marked | null): (Marked | null)[] => {
    const fact = recorded(one);
    return (view.keysOf?.(fact) ?? [fact.recordId]).map((key) => view.project(before, fact, key) as Marked | null);
  };
  if (isFirst(event)) return rows(event, null);
  const born = events
    .filter((each) => isFirst(each) && view.events.includes(each.type))
    .flatMap((each) => rows(each, null));
  return rows(event, born.find((row) => row !== null) ?? null);
};

/** Paths at which a value is not plain data: what an event no longer holds comes out undefined. */
const holes = (value: unknown, path: string): string[] => {
  if (value === undefined || Number.isNaN(value)) return [path];
  if (typeof value === 'string' && /undefined|NaN|\[object/.test(value)) return [`${path} is "${value}"`];
  const inside = value instanceof Map || value instanceof Set ? [...value] : value;
  return typeof inside === 'object' && inside !== null
    ? Object.entries(inside).flatMap(([key, each]) => holes(each, `${path}.${key}`))
    : [];
};

const anyMarking = {
  owner: expect.stringMatching(/^([A-Z]{2}|SECRETARIAT)$/),
  releaseTo: expect.any(Array),
  handling: expect.stringMatching(/^[A-Z_]+$/),
};

describe('The history', () => {
  it('says of every fact of a record whether it ends there', () => {
    const own = [...recordTypeOf.keys()].sort();
    const ends = own.filter((name) =>
      (recordTypeOf.get(name)!.endsWith as readonly string[] | undefined)?.includes(name),
    );
    expect(own.filter((name) => !ends.includes(name))).toEqual(GOES_ON);
    expect(recordTypes.flatMap(({ endsWith = [] }) => endsWith as string[]).sort()).toEqual(ends);
  });

  it('has a sample of every event that the platform knows, and of no other', () =>
    expect(samples.map(({ name }) => name).sort()).toEqual([...published].sort()));

  it('holds of each capability the events that its manifest names, beside those that any record can have', () =>
    expect(capabilities.flatMap((each) => each.events).toSorted()).toEqual(
      events
        .filter((event) => !isRecordEvent(event))
        .map(({ type }) => type)
        .toSorted(),
    ));

  it.each(samples)('reads $name under its own name, as plain JSON', ({ name, text }) => {
    const event = JSON.parse(text) as DomainEvent;
    expect(Object.keys(event)).toEqual(['type', 'data']);
    expect(event.type).toBe(name);
    expect(holes(event, name)).toEqual([]);
  });

  it.each(events.filter(isRecordEvent))('folds $type into what is known of every record', (event) => {
    const record = evolveRecord(NO_RECORD, event);
    expect(record).not.toEqual(NO_RECORD);
    expect(holes(record, event.type)).toEqual([]);
  });

  it.each(events.filter((event) => !isRecordEvent(event)))('folds $type into the state of its record', (event) => {
    const recordType = recordTypeOf.get(event.type)!;
    const state = folded(recordType, event);
    expect(state).not.toEqual(recordType.decider.initial);
    expect(holes(state, recordType.category)).toEqual([]);
  });

  it.each(views.map((view) => ({ name: view.name, view })))('folds into the rows of $name', ({ view }) => {
    const rows = (view.events as string[]).flatMap((type) =>
      rowsAfter(
        view,
        events.find((event) => event.type === type)!,
      ),
    );
    const kept = rows.filter((row) => row !== null);
    expect(kept.length).toBeGreaterThan(0);
    expect(holes(kept, view.name)).toEqual([]);
    for (const { marking } of kept) expect(marking).toMatchObject(anyMarking);
    expect(Object.keys(view.fields).filter((field) => kept.every((row) => !(field in row)))).toEqual([]);
  });
});
