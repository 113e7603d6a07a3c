import { access } from '@capabilities/access';
import { actsOver } from '@capabilities/acts';
import { alerts } from '@capabilities/alerts';
import { audit } from '@capabilities/audit';
import { briefs } from '@capabilities/briefs';
import { comments } from '@capabilities/comments';
import { materials } from '@capabilities/materials';
import { projects } from '@capabilities/projects';
import { sharing } from '@capabilities/sharing';
import { stockpiles } from '@capabilities/stockpiles';
import type { Capability } from '@kernel';

const others: readonly Capability[] = [
  access,
  materials,
  projects,
  stockpiles,
  sharing,
  briefs,
  audit,
  comments,
  alerts,
];
/** What this platform offers: read by the API, the projector and the auditor. */
export const capabilities: readonly Capability[] = [...others, actsOver(others)];
