import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hsCode, isCountry, materialCode, STAGES } from '@kernel';
import { type UsgsCommodity } from './usgs-mcs.js';

interface Material {
  code: string;
  name: string;
  group: string;
  hsCodes: string[];
  includes?: string[];
  source: string;
}
interface Listing {
  list: string;
  material: string;
  entry?: string;
  since: string;
  note?: string;
  source: string;
}
interface Project {
  ref: string;
  title: string;
  promoter?: string;
  hostCountry: string;
  otherCountries?: string[];
  materials: string[];
  stages: string[];
  designatedOn: string;
  annexEntry?: number;
  source: string;
}
interface Measure {
  ref: string;
  imposedBy: string[];
  materials: string[];
  otherGoods?: string[];
  against?: string[];
  scope?: string;
  announcedOn?: string;
  inForceFrom?: string;
  status: string;
  statusUntil?: string;
  source: string;
}
interface Agreement {
  ref: string;
  parties: string[];
  title: string;
  signedOn?: string;
  source: string;
}

const read = <Row>(name: string): Row[] => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Row[];

const materials = read<Material>('materials.json');
const listings = read<Listing>('lists.json');
const projects = read<Project>('strategic-projects.json');
const measures = read<Measure>('export-measures.json');
const agreements = read<Agreement>('agreements.json');
const commodities = read<UsgsCommodity>('usgs-commodities.json');

const codes = new Set(materials.map(({ code }) => code));
const includedIn = new Map(materials.map(({ code, includes = [] }) => [code, includes]));
const on = (list: string): Listing[] => listings.filter((each) => each.list === list);
const repeated = (keys: string[]): string[] => keys.filter((key, index) => keys.indexOf(key) !== index);
const unknown = (named: string[]): string[] => named.filter((code) => !codes.has(code));

/** A day, month or year, as precise as the source is. */
const isDate = (text: string): boolean => {
  const day = `${text}${'-01-01'.slice(text.length - 4)}`;
  const at = new Date(`${day}T00:00:00Z`);
  return /^\d{4}(-\d{2}){0,2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};

describe('every reference table', () => {
  it.each([
    ['materials.json', materials, 79],
    ['lists.json', listings, 222],
    ['strategic-projects.json', projects, 60],
    ['export-measures.json', measures, 22],
    ['agreements.json', agreements, 29],
    ['usgs-commodities.json', commodities, 52],
  ])('%s names a source in each row, and none is a transcription', (_name, rows: { source: string }[], count) => {
    expect(rows).toHaveLength(count);
    expect(rows.filter(({ source }) => !source || /github/i.test(source))).toEqual([]);
  });

  it('stands one row to a line, so that a change shows as the row it changes', () => {
    for (const [name, rows] of [
      ['materials.json', materials],
      ['lists.json', listings],
    ] as const) {
      expect(
        readFileSync(new URL(name, import.meta.url), 'utf8')
          .trim()
          .split('\n'),
      ).toHaveLength(rows.length + 2);
    }
  });

  it('holds dates that exist', () => {
    const dates = [
      ...listings.map(({ since }) => since),
      ...projects.map(({ designatedOn }) => designatedOn),
      ...measures.flatMap(({ announcedOn, inForceFrom, statusUntil }) => [announcedOn, inForceFrom, statusUntil]),
      ...agreements.map(({ signedOn }) => signedOn),
    ];
    expect(dates.filter((each) => each !== undefined && !isDate(each))).toEqual([]);
    expect([...listings, ...projects].map((each) => ('since' in each ? each.since : each.designatedOn).length)).toEqual(
      Array.from({ length: listings.length + projects.length }, () => 10),
    );
  });

  it('knows a date that does not exist', () => {
    expect(['2024-05-23', '2024-05', '2006'].map(isDate)).toEqual([true, true, true]);
    expect(['2024-13', '2023-02-29', '23 May 2024', ''].map(isDate)).toEqual([false, false, false, false]);
  });
});

describe('the materials', () => {
  it('have codes and HS codes as the platform spells them, each code once', () => {
    expect(repeated(materials.map(({ code }) => code))).toEqual([]);
    for (const { code, hsCodes } of materials) {
      expect(materialCode(code)).toBe(code);
      expect(hsCodes.map(hsCode)).toEqual([...new Set(hsCodes)].sort());
    }
  });

  it('name the products the alliance speaks of', () => {
    const named = ['arsenic', 'baryte', 'gallium', 'graphite', 'tungsten', 'permanent-magnets', 'rare-earth-elements'];
    expect(unknown(named)).toEqual([]);
  });

  it('include only materials of the register', () => {
    expect(unknown(materials.flatMap(({ includes = [] }) => includes))).toEqual([]);
  });

  it('are each on a list', () => {
    const listed = new Set(listings.map(({ material }) => material));
    expect([...codes].filter((code) => !listed.has(code))).toEqual([]);
  });
});

describe('the lists', () => {
  it.each([
    ['EU_CRITICAL', 34, 57],
    ['EU_STRATEGIC', 17, 30],
    ['US_CRITICAL', 60, 71],
    ['JP_CRITICAL', 36, 64],
  ])('%s: the %d entries of the law stand as %d materials', (list, entries, rows) => {
    expect(new Set(on(list).flatMap(({ entry }) => entry ?? [])).size).toBe(entries);
    expect(on(list)).toHaveLength(rows);
  });

  it('hold nothing else, nothing twice and no unknown material', () => {
    expect(new Set(listings.map(({ list }) => list)).size).toBe(4);
    expect(repeated(listings.map(({ list, material }) => `${list} ${material}`))).toEqual([]);
    expect(unknown(listings.map(({ material }) => material))).toEqual([]);
  });

  it('list with a group all that it includes', () => {
    for (const list of ['EU_CRITICAL', 'EU_STRATEGIC', 'US_CRITICAL', 'JP_CRITICAL']) {
      const listed = new Set(on(list).map(({ material }) => material));
      for (const code of listed) expect((includedIn.get(code) ?? []).filter((each) => !listed.has(each))).toEqual([]);
    }
  });

  it('list a group when all that it includes is listed, and say that it is not an entry of the law', () => {
    for (const list of ['EU_CRITICAL', 'EU_STRATEGIC', 'US_CRITICAL', 'JP_CRITICAL']) {
      const rows = new Map(on(list).map((each) => [each.material, each]));
      for (const [group, members] of includedIn) {
        if (members.length > 0 && members.every((each) => rows.has(each))) expect(rows.has(group)).toBe(true);
      }
    }
    const withoutEntry = listings.filter(({ entry }) => entry === undefined);
    expect(withoutEntry.map(({ list, material }) => `${list} ${material}`)).toEqual([
      'EU_CRITICAL rare-earth-elements',
      'US_CRITICAL heavy-rare-earth-elements',
      'US_CRITICAL light-rare-earth-elements',
      'US_CRITICAL platinum-group-metals',
      'US_CRITICAL rare-earth-elements',
    ]);
    expect(new Set(withoutEntry.map(({ note }) => note)).size).toBe(1);
  });
});

describe('the EU strategic projects', () => {
  it('are the 47 inside and the 13 outside the Union, each once', () => {
    expect(projects.filter(({ designatedOn }) => designatedOn === '2025-03-25')).toHaveLength(47);
    expect(projects.filter(({ designatedOn }) => designatedOn === '2025-06-04')).toHaveLength(13);
    expect(repeated(projects.map(({ ref }) => ref))).toEqual([]);
    expect(repeated(projects.map(({ title }) => title))).toEqual([]);
  });

  it('name known materials, countries and stages', () => {
    for (const each of projects) {
      expect(each.materials).not.toEqual([]);
      expect(unknown(each.materials)).toEqual([]);
      expect([each.hostCountry, ...(each.otherCountries ?? [])].filter((code) => !isCountry(code))).toEqual([]);
      expect(each.stages).not.toEqual([]);
      expect(each.stages.filter((stage) => !STAGES.some((known) => known === stage))).toEqual([]);
      expect([...repeated(each.materials), ...repeated(each.stages)]).toEqual([]);
    }
  });
});

describe('the export measures and agreements', () => {
  it('are each there once', () => {
    expect(repeated([...measures, ...agreements].map(({ ref }) => ref))).toEqual([]);
  });

  it('name known materials and countries, and say whom and what they touch', () => {
    for (const each of measures) {
      expect(unknown(each.materials)).toEqual([]);
      expect(
        [...each.imposedBy, ...(each.against ?? []).filter((code) => code !== 'ALL')].filter(
          (code) => !isCountry(code),
        ),
      ).toEqual([]);
      expect(each.materials.length + (each.otherGoods ?? []).length).toBeGreaterThan(0);
    }
    for (const { parties } of agreements) {
      expect(parties.length).toBeGreaterThan(1);
      expect(parties.filter((code) => !isCountry(code))).toEqual([]);
    }
  });
});

describe('the USGS commodities', () => {
  it('stand for known materials and stages, one rule to a statistic', () => {
    const rules = commodities.flatMap((each) => ('material' in each ? [each] : []));
    expect(unknown(rules.map(({ material }) => material))).toEqual([]);
    expect(rules.filter(({ stage }) => !STAGES.includes(stage))).toEqual([]);
    expect(
      repeated(rules.map((each) => JSON.stringify([each.commodity, each.section, each.statistic, each.detail]))),
    ).toEqual([]);
  });

  it('never add two commodities up in one material and stage', () => {
    const commodityOf = new Map<string, string>();
    for (const each of commodities) {
      if (!('material' in each)) continue;
      const key = `${each.material} ${each.stage}`;
      expect(commodityOf.get(key) ?? each.commodity).toBe(each.commodity);
      commodityOf.set(key, each.commodity);
    }
  });
});
