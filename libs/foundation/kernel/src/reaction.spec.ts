import { describe, expect, it } from '@jest/globals';
import { commandIdOfDue, commandIdOfReaction, isPlatformCommandId, type Instant } from '@kernel';
import { NOW, RECORD } from '@kernel/testing';

const countOffers = { name: 'countOffers', to: [], records: [], then: () => [] };
const due = { key: 'lapses', at: NOW as Instant };

describe('The ids of commands that the platform gives by itself', () => {
  it('follow from the fact, the reaction and the place among its commands', () => {
    const id = commandIdOfReaction(RECORD, countOffers, 0);
    expect(id).toBe(commandIdOfReaction(RECORD, countOffers, 0));
    expect(id).not.toBe(commandIdOfReaction(RECORD, countOffers, 1));
    expect(id).not.toBe(commandIdOfReaction(RECORD, { ...countOffers, name: 'another' }, 0));
  });

  it('follow from the record, the due and its instant', () => {
    const id = commandIdOfDue(RECORD, due);
    expect(id).toBe(commandIdOfDue(RECORD, due));
    expect(id).not.toBe(commandIdOfDue(RECORD, { ...due, key: 'ends' }));
    expect(id).not.toBe(commandIdOfDue(RECORD, { ...due, at: '2027-01-01T00:00:00.000Z' as Instant }));
  });

  it('are known from those that clients may give', () => {
    for (const id of [commandIdOfReaction(RECORD, countOffers, 0), commandIdOfDue(RECORD, due), `act:${RECORD}`])
      expect(isPlatformCommandId(id)).toBe(true);
    for (const id of [RECORD, 'react:1', 'my-due:1', 'RE:1']) expect(isPlatformCommandId(id)).toBe(false);
  });
});
