import type { AnyStream } from './stream.js';
import type { AnyView } from './view.js';

/** Everything a capability brings: the table of contents that API, projector and auditor all read. */
export type Capability = {
  readonly name: string;
  readonly streams: readonly AnyStream[];
  /** Wire names of all facts that its streams have ever held. A fact of another name in them is one that this code cannot read. */
  readonly events: readonly string[];
  readonly views: readonly AnyView[];
};
