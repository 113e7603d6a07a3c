import { AuditMandateResolver } from './audit-mandate/audit-mandate.resolver.js';
import { ReplayResolver } from './replay/replay.resolver.js';
import { SigningKeysResolver } from './signing-keys/signing-keys.resolver.js';

export type {
  DecisionPageType,
  DecisionType,
  HistoryFactType,
  KnownRowType,
  RecordAsOfType,
  RecordHistoryType,
} from './replay/replay.graphql.js';
export { Replays, type DecisionRequest } from './replay/replay.resolver.js';
export const auditResolvers = [AuditMandateResolver, SigningKeysResolver, ReplayResolver];
