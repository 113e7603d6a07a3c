import type { AnyStream } from './stream.js';
import type { AnyView } from './view.js';

/** Everything a capability brings: the table of contents that API, projector and auditor all read. */
export type Capability = {
  readonly name: string;
  readonly streams: readonly AnyStream[];
  readonly views: readonly AnyView[];
};
