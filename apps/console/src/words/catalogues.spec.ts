import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { placesOf } from './message.ts';

type Catalogue = Readonly<Record<string, string>>;
const catalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(`apps/console/messages/${language}.json`, 'utf8')) as Catalogue;
const en = catalogue('en');
const schema = readFileSync('docs/schema.graphql', 'utf8');
/** The values of an enum: what stands alone on its line. */
const valuesOf = (name: string): readonly string[] => {
  const from = schema.indexOf(`enum ${name} {`);
  return [...schema.slice(from, schema.indexOf('\n}', from)).matchAll(/^ {2}([A-Z_]+)$/gm)].map(([, value]) => value!);
};

describe('The words of the console', () => {
  it.each(['fr', 'de', 'ja'])('are all there in %s, with the same places', (language) => {
    const other = catalogue(language);
    expect(Object.keys(other)).toEqual(Object.keys(en));
    const wrong = Object.keys(en).filter((key) => placesOf(en[key]!).join() !== placesOf(other[key]!).join());
    expect(wrong).toEqual([]);
  });

  it.each([
    ['status', 'ProjectStatus'],
    ['status', 'PledgeStatus'],
    ['status', 'StockDeclarationStatus'],
    ['briefStatus', 'BriefStatus'],
    ['pledgeKind', 'PledgeKind'],
    ['stage', 'Stage'],
    ['handling', 'Tlp'],
    ['level', 'Level'],
    ['role', 'Role'],
    ['verdict', 'AudienceVerdict'],
    ['basis', 'Basis'],
    ['list', 'MaterialList'],
    ['profile', 'MemberProfile'],
    ['purpose', 'Purpose'],
    ['recallCause', 'RecallCause'],
    ['recordKind', 'RecordKind'],
    ['way', 'WayOfReading'],
  ])('name as %s every value of %s in the schema', (type, name) => {
    expect(valuesOf(name).length).toBeGreaterThan(1);
    expect(valuesOf(name).filter((value) => !(`${type}.${value}` in en))).toEqual([]);
  });
});
