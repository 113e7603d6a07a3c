import { describe, expect, it } from '@jest/globals';
import { day, materialCode, ROLES } from '@kernel';
import { EU, JP, markedFor, person, secretariat, specify, US } from '@kernel/testing';
import { materialRecordType } from './material.record.js';
import type { MaterialCommand } from './material.record.js';
import { LISTS, type ListName } from './material.events.js';

const { mayIssue, mayAct } = specify(materialRecordType);
const code = materialCode('gallium');
const register: MaterialCommand = {
  type: 'RegisterMaterial',
  code,
  name: 'Gallium',
  group: 'minor metals',
  hsCodes: [],
};
const onList = (list: ListName): readonly MaterialCommand[] => [
  { type: 'ListMaterial', code, list, since: day('2026-06-01') },
  { type: 'DelistMaterial', code, list, on: day('2026-06-01'), reason: 'Supply has diversified.' },
];

describe('The register of materials', () => {
  it('takes registrations from the secretariat', () => expect(mayIssue(register, secretariat)).toBe(true));
  it.each(ROLES)('takes no registration from a country, even as %s', (role) =>
    expect(mayIssue(register, person(EU, role))).toBe(false),
  );
  it('takes none from an auditor or observer', () =>
    expect([mayIssue(register, person(null, 'AUDITOR')), mayIssue(register, person(null, 'OBSERVER'))]).toEqual([
      false,
      false,
    ]));
});

describe.each(LISTS)('The list %s', (list) => {
  const own = { EU_CRITICAL: EU, EU_STRATEGIC: EU, US_CRITICAL: US, JP_CRITICAL: JP }[list];
  const [others, commands] = [[EU, US, JP].filter((one) => one !== own), onList(list)];

  it('is kept by the secretariat and by delegates of its jurisdiction', () => {
    expect(commands.map((command) => mayIssue(command, secretariat))).toEqual([true, true]);
    expect(commands.map((command) => mayIssue(command, person(own, 'DELEGATE')))).toEqual([true, true]);
  });
  it('is closed to the jurisdiction’s other roles', () =>
    expect(commands.some((command) => mayIssue(command, person(own, ['LIAISON', 'APPROVER'])))).toBe(false));
  it('is closed to delegates of other jurisdictions', () =>
    expect(others.some((other) => commands.some((command) => mayIssue(command, person(other, 'DELEGATE'))))).toBe(
      false,
    ));
  it('may take up materials that the secretariat registered', () =>
    expect(
      commands.every((command) => mayAct(command, person(own, 'DELEGATE'), [], markedFor('SECRETARIAT', 'PUBLIC'))),
    ).toBe(true));
});

describe('The register', () => {
  it('is public unless the registration says otherwise', () =>
    expect(materialRecordType.defaultMarking?.(register, 'any' as never)).toEqual({ releaseTo: ['PUBLIC'] }));
  it('finds a material by its code, and makes one only by registration', () =>
    expect(
      [register, ...onList('EU_CRITICAL')].map((command) => materialRecordType.targetOf(command, 'SECRETARIAT')),
    ).toEqual([
      { key: 'gallium', mayCreate: true },
      { key: 'gallium', mayCreate: false },
      { key: 'gallium', mayCreate: false },
    ]));
});
