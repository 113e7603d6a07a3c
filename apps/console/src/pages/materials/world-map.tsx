import { COUNTRIES } from '@kernel';
import { geoEqualEarth, geoPath } from 'd3-geo';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';
import { party, percent, t } from '../../words/words.ts';
import './world-map.css';

type Land = Feature<Geometry, { name: string }>;

const ANTARCTICA = '010';
const topology = atlas as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
const { features } = feature(topology, topology.objects.countries) as FeatureCollection<Geometry, { name: string }>;
const lands = features.filter(({ id }) => id !== ANTARCTICA);
const [WIDTH, HEIGHT] = [640, 310];
const path = geoPath(geoEqualEarth().fitSize([WIDTH, HEIGHT], { type: 'FeatureCollection', features: lands }));

/** The file names countries in its own way; where that is not ISO's short name. */
const CALLED: Readonly<Record<string, string>> = {
  'United States of America': 'US',
  'Dem. Rep. Congo': 'CD',
  Congo: 'CG',
  "Côte d'Ivoire": 'CI',
  'Central African Rep.': 'CF',
  'Dominican Rep.': 'DO',
  'Eq. Guinea': 'GQ',
  eSwatini: 'SZ',
  'S. Sudan': 'SS',
  'Solomon Is.': 'SB',
  'Bosnia and Herz.': 'BA',
  Turkey: 'TR',
  Macedonia: 'MK',
  'Falkland Is.': 'FK',
  'Trinidad and Tobago': 'TT',
};
const codes = new Map([...COUNTRIES.map(({ code, name }) => [name, code] as const), ...Object.entries(CALLED)]);
/** Land without a code of its own in ISO 3166-1 is drawn without name or value. */
const codeOf = ({ properties }: Land): string | undefined => codes.get(properties.name);

/** Four classes, as the legend says them (per cent). */
const CLASSES = [1, 10, 50] as const;
const classOf = (share: number | null | undefined): string =>
  share === undefined ? 'none' : share === null ? 'unknown' : `class${CLASSES.filter((from) => share >= from).length}`;

/** Who produces how much of a material, by country. */
export default function WorldMap({ label, shares }: { label: string; shares: ReadonlyMap<string, number | null> }) {
  return (
    <figure className="world">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" role="img" aria-label={label}>
        {lands.map((land, at) => {
          const code = codeOf(land as Land);
          const share = code === undefined ? undefined : shares.get(code);
          return (
            <path key={at} d={path(land) ?? ''} className={classOf(share)}>
              {code !== undefined && share != null && <title>{`${party(code)}: ${percent(String(share))}`}</title>}
            </path>
          );
        })}
      </svg>
      <figcaption className="small quiet">
        <span className="row">
          {[t('map.below'), t('map.to10'), t('map.to50'), t('map.above')].map((text, at) => (
            <span key={text} className="row">
              <svg width="14" height="14" aria-hidden="true">
                <rect className={`class${at}`} width="14" height="14" />
              </svg>
              {text}
            </span>
          ))}
        </span>
        {t('map.borders')}
      </figcaption>
    </figure>
  );
}
