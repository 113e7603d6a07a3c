import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The samples stand beside the events that they are of; those of what any record can have stand here. */
const PLACES = ['libs/capabilities/*/*/src/*/samples/*.json', 'test/history/*.json'];

/** A frozen sample of every event version that was ever published, by its wire name. They are never changed. */
export const samples: readonly { readonly name: string; readonly text: string }[] = globSync(PLACES)
  .map((file) => ({ name: basename(file, '.json'), text: readFileSync(file, 'utf8') }))
  .toSorted((one, other) => (one.name < other.name ? -1 : 1));

export const sampleOf = (name: string): string => samples.find((each) => each.name === name)!.text;
