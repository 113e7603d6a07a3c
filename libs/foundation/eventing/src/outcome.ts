import {
  recordRejections,
  type AnyRecordType,
  type Command,
  type Instant,
  type Principal,
  type RecordId,
  type Rejected,
} from '@kernel';
import type { Act, Appended, CommandSignature } from './event-store.js';
import type { Recording } from './receipt.js';

/** A command with who issues it and under which ids. */
export type Issued<C extends Command = Command> = {
  readonly recordType: AnyRecordType;
  readonly command: C;
  readonly who: Principal;
  /** The client's own id for this command, or a new one: a repetition is answered as the first time. */
  readonly commandId: string;
  readonly correlationId: string;
  /** The client's own signature over the command, verified. */
  readonly signature?: CommandSignature;
  /** The act by which a second person approved it, where it takes two. */
  readonly act?: Act;
  /** What stands against it already, before it is looked at. */
  readonly rejected?: Rejected;
};

/** Hears of every command that is rejected, before it is answered. */
export type OnRejected = (issued: Issued, code: string) => Promise<void>;

export type Outcome = CommandAccepted | CommandPrepared | CommandRejected;
export type CommandAccepted = {
  readonly accepted: true;
  readonly commandId: string;
  readonly recordId: RecordId;
  /** Whether the command made facts; false where what it asks for was so already. */
  readonly recorded: boolean;
  /** Of the facts that the command made. */
  readonly leaves: readonly Recording[];
} & Appended;
/** It takes effect when a second person of the party has approved it; until then it is known to the party alone. */
export type CommandPrepared = {
  readonly accepted: 'prepared';
  readonly commandId: string;
  readonly act: RecordId;
  /** SHA-256 of the RFC 8785 JSON of command and input, base64url: what the second person approves. */
  readonly digest: string;
  readonly lapsesAt: Instant;
};
export type CommandRejected = {
  readonly accepted: false;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
};

/** Rejections that any command can meet. */
export const PIPELINE_REJECTIONS = {
  ...recordRejections,
  'ACCESS.DENIED': 'You may not give this command: your role or country does not allow it.',
  'MARKING.UNKNOWN_AUDIENCE': 'The marking names an audience that does not exist or that you do not belong to.',
  'MARKING.HANDLING_CONFLICT':
    'The handling does not go with the audience: PUBLIC needs CLEAR, and RED cannot go to MEMBERS.',
  'MARKING.CONTRADICTION':
    'The marking contradicts itself: the owner cannot be denied its own record, nor an embargo end after the record expires.',
  'MARKING.WIDER_THAN_SOURCE':
    'The marking would show what stands in another record to readers whom that record is not released to. Narrow it, or ask the owner of the source.',
  'COMMAND.ID_REUSED':
    'This commandId was used for another command. Use a new one, or repeat the first command unchanged.',
  'SIGNATURES.REQUIRED':
    'Your ministry demands that its commands be signed: send the signature of a key that it has registered.',
  'SIGNATURES.INVALID':
    'The signature is not one of a key of your ministry that is valid now, over this very command. Sign what you send.',
  'STREAM.BUSY': 'Others are changing this record at the same time. Nothing was recorded; send the command again.',
} as const;
type PipelineRejection = keyof typeof PIPELINE_REJECTIONS;

/** The answer for a rejected command, with the sentence that goes with its code. */
export const rejection = ({ code, details }: Rejected, recordType?: AnyRecordType): CommandRejected => ({
  accepted: false,
  code,
  message:
    (recordType?.rejections as Record<string, string> | undefined)?.[code] ??
    PIPELINE_REJECTIONS[code as PipelineRejection] ??
    code,
  details,
});
