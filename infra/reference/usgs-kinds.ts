type AsOf2026 = readonly [commodity: string, section: string, detail: string];
type Kind = {
  readonly commodity: RegExp;
  readonly type: RegExp;
  readonly not?: RegExp;
  readonly as: AsOf2026;
};

const MINE = 'World Mine Production and Reserves';
const mined = (commodity: RegExp, name: string): Kind => ({
  commodity,
  type: /mine production/i,
  as: [name, MINE, 'Mine production'],
});
const REFINED = 'World Refinery Production and Capacity';
const refined = (commodity: RegExp, name: string): Kind => ({
  commodity,
  type: /refinery production/i,
  as: [name, REFINED, 'Refinery production'],
});
const BAUXITE = 'World Alumina Refinery and Bauxite Mine Production and Bauxite Reserves';
const COPPER = 'World Mine and Refinery Production and Reserves';

const KINDS: readonly Kind[] = [
  {
    commodity: /^aluminum$/i,
    type: /smelter production/i,
    as: ['Aluminum', 'World Smelter Production and Capacity', 'Smelter production'],
  },
  {
    commodity: /^(bauxite|bauxite and alumina|alumina)$/i,
    type: /alumina/i,
    as: ['Alumina', BAUXITE, 'Alumina, refinery production'],
  },
  {
    commodity: /^(bauxite|bauxite and alumina)$/i,
    type: /bauxite|mine production/i,
    as: ['Bauxite', BAUXITE, 'Bauxite, mine production'],
  },
  {
    commodity: /^arsenic$/i,
    type: /production/i,
    as: ['Arsenic', 'World Production and Capacity', 'Production (arsenic trioxide, gross weight)'],
  },
  { commodity: /^copper$/i, type: /mine production/i, as: ['Copper', COPPER, 'Mine production'] },
  { commodity: /^copper$/i, type: /refinery production/i, as: ['Copper', COPPER, 'Refinery production'] },
  {
    commodity: /^gallium$/i,
    type: /primary|production/i,
    as: ['Gallium', 'World Low-Purity Production and Production Capacity', 'Primary production'],
  },
  {
    commodity: /^magnesium metal$/i,
    type: /smelter production/i,
    as: ['Magnesium Metal', 'World Primary Production and Reserves', 'Smelter production'],
  },
  {
    commodity: /^manganese$/i,
    type: /mine production/i,
    as: ['Manganese', 'World Mine Production (manganese content) and Reserves', 'Mine production'],
  },
  {
    commodity: /^(platinum-group metals|palladium)$/i,
    type: /palladium/i,
    as: ['Palladium', MINE, 'Mine production: Palladium'],
  },
  {
    commodity: /^(platinum-group metals|platinum)$/i,
    type: /: ?platinum/i,
    as: ['Platinum', MINE, 'Mine production: Platinum'],
  },
  {
    commodity: /^silicon$/i,
    type: /silicon content of ferrosilicon/i,
    as: ['Silicon', 'World Production', 'Ferrosilicon'],
  },
  {
    commodity: /^titanium mineral concentrates$/i,
    type: /ilmenite/i,
    not: /rutile/i,
    as: ['Titanium Mineral Concentrates', MINE, 'Mine production: Ilmenite'],
  },
  {
    commodity: /^titanium mineral concentrates$/i,
    type: /rutile/i,
    not: /ilmen/i,
    as: ['Titanium Mineral Concentrates', MINE, 'Mine production: Rutile'],
  },
  {
    commodity: /^zirconium and hafnium$/i,
    type: /mine production/i,
    as: ['Zirconium', MINE, 'Zirconium mineral concentrates, mine production (thousand metric tons, gross weight)'],
  },
  mined(/^feldspar( and nepheline syenite)?$/i, 'Feldspar And Nepheline Syenite'),
  mined(/^graphite( \(natural\))?$/i, 'Graphite (Natural)'),
  mined(/^niobium( \(columbium\))?$/i, 'Niobium (Columbium)'),
  mined(/^phosphate rock$/i, 'Phosphate Rock'),
  mined(/^rare earths$/i, 'Rare Earths'),
  ...[
    'Antimony',
    'Barite',
    'Beryllium',
    'Chromium',
    'Cobalt',
    'Fluorspar',
    'Lead',
    'Lithium',
    'Molybdenum',
    'Nickel',
    'Potash',
    'Rhenium',
    'Silver',
    'Strontium',
    'Tantalum',
    'Tin',
    'Tungsten',
    'Vanadium',
    'Zinc',
  ].map((name) => mined(new RegExp(`^${name}$`, 'i'), name)),
  ...['Bismuth', 'Indium', 'Selenium', 'Tellurium'].map((name) => refined(new RegExp(`^${name}$`, 'i'), name)),
];

/** Which commodity, section and detail of the table of 2026 a type of an older world table is, if any of the register. */
export const kindOf = (commodity: string, type: string): AsOf2026 | undefined =>
  KINDS.find((each) => each.commodity.test(commodity) && each.type.test(type) && !each.not?.test(type))?.as;
