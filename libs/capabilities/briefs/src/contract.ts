export type {
  AccessRequestAnswered,
  AccessRequested,
  AccessRequestEvent,
} from './access-request/access-request.events.js';
export type { BriefEvent, BriefRevised, BriefWithdrawn, BriefWritten } from './brief/brief.events.js';
export type {
  UseApproved,
  UseRefused,
  UseRequested,
  UseRequestEvent,
  UseWithdrawn,
} from './use-request/use-request.events.js';
