import { describe, expect, it } from '@jest/globals';
import type { Marking } from '@kernel';
import { EU, JP, markedFor, NOW, person, RECORD, secretariat, US } from '@kernel/testing';
import { noteOf, recallOf } from './reading.reaction.js';

const forAmerica = markedFor(JP, `country:${US}`);
const america = person(US, 'LIAISON');
const note = (marking: Marking, who = america, view = 'projects.projects') =>
  noteOf({ view, key: RECORD, marking, who }, NOW);

describe('What is served', () => {
  it('is noted for its owner, in the owner’s name', () => {
    const noted = note(forAmerica)!;
    expect(noted.who).toMatchObject({ country: 'JP' });
    expect(noted.command).toEqual({
      type: 'NoteReading',
      record: RECORD,
      kind: 'projects.projects',
      reader: 'US',
      how: 'READ',
      marking: { owner: 'JP', releaseTo: ['country:US'], handling: 'AMBER' },
    });
  });
  it('is not noted where it is one’s own, public, or the log itself', () => {
    expect(note(forAmerica, person(JP, 'LIAISON'))).toBeNull();
    expect(note(markedFor('SECRETARIAT', 'MEMBERS'), secretariat)).toBeNull();
    expect(note(markedFor(JP, 'PUBLIC'))).toBeNull();
    expect(note(forAmerica, america, 'sharing.recalls')).toBeNull();
  });
  it('is noted where it is public to some alone', () => {
    expect(note({ ...markedFor(JP, 'PUBLIC'), level: 'SECRET' })).not.toBeNull();
    expect(note({ ...markedFor(JP, 'PUBLIC'), denyTo: [`country:${EU}`] })).toBeNull();
  });
  it('is noted at its level', () =>
    expect(note({ ...forAmerica, level: 'SECRET' })!.command.marking).toMatchObject({ level: 'SECRET' }));
  it('is noted as an export where it leaves', () =>
    expect(note(forAmerica, { ...america, exports: true })!.command.how).toBe('EXPORT'));
  it('is noted with whose person it was, under a mandate', () => {
    const mandate = { id: RECORD, delegate: EU, subjects: ['projects'], mayCommand: false };
    expect(note(forAmerica, { ...america, mandate })!.command).toMatchObject({ reader: 'US', delegate: 'EU' });
    // Outside its subjects a mandate reads what is public, so something else must have opened it.
    expect(note(forAmerica, { ...america, mandate }, 'stockpiles.stockDeclarations')!.command).toMatchObject({
      how: 'EMERGENCY',
      person: america.person,
    });
  });
  it('is noted with the person where only an emergency opened it, also of the owner’s own', () => {
    const opened = { ...secretariat, breakGlassRecords: [RECORD] };
    expect(note(forAmerica, opened)!.command).toMatchObject({
      reader: 'SECRETARIAT',
      how: 'EMERGENCY',
      person: secretariat.person,
    });
    expect(
      note({ ...markedFor('SECRETARIAT'), level: 'SECRET' }, { ...opened, clearance: 'OPEN' })!.command,
    ).toMatchObject({
      how: 'EMERGENCY',
      marking: { releaseTo: [] },
    });
    expect(note(markedFor(JP, 'MEMBERS'), opened)!.command.how).toBe('READ');
  });
  it('is noted of people who act for nobody', () =>
    expect(
      note(forAmerica, { ...secretariat, roles: ['AUDITOR'], breakGlassRecords: [RECORD] })!.command,
    ).toMatchObject({
      reader: null,
      marking: { releaseTo: [] },
    }));
});

describe('A recall', () => {
  it('is addressed to whoever read, and says nothing of the new audience', () =>
    expect(
      recallOf({ record: RECORD, kind: 'projects.projects', reader: US }, 'NARROWED', markedFor(JP, `country:${EU}`))
        .command,
    ).toEqual({
      type: 'IssueRecall',
      record: RECORD,
      kind: 'projects.projects',
      reader: 'US',
      cause: 'NARROWED',
      marking: { owner: 'JP', releaseTo: ['country:US'], handling: 'AMBER' },
    }));
});
