import 'reflect-metadata';
import { capabilities } from '@compositions/capabilities';
import { describe, expect, it } from '@jest/globals';

const kinds = capabilities.flatMap((capability) => (capability.alerts ?? []).map((kind) => ({ capability, kind })));

describe('Kinds of alerts', () => {
  it('are in capitals, and one namespace', () => {
    const names = kinds.map(({ kind }) => kind.kind);
    expect(names.filter((name) => !/^[A-Z][A-Z_]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(20);
  });
  it.each(kinds)('are of facts and of a list of their own capability: $kind.kind', ({ capability, kind }) => {
    expect(capability.events).toEqual(expect.arrayContaining([...kind.of]));
    expect(capability.views).toContain(kind.view);
    expect(kind.of.length > 0 || kind.due !== undefined).toBe(true);
  });
  it('announce what is due of a record of theirs', () => {
    for (const { capability } of kinds.filter(({ kind }) => kind.due))
      expect(capability.recordTypes.filter(({ dueOf }) => dueOf).map(({ category }) => category)).not.toEqual([]);
  });
});
