import type { Due } from './record-type.js';

/** In the order in which they happen: by time, those of one instant by their keys. */
export const inDueOrder = (one: Due, other: Due): number =>
  one.at === other.at ? byText(one.key, other.key) : byText(one.at, other.at);

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
