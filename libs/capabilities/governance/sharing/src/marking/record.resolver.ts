import { commandOf, mutationsOf, markingRequest } from '@foundation/graphql';
import { recordId, required, text, type RecordCommand, type Shape } from '@kernel';
import type { RecordKinds } from './record-kind.resolver.js';

/** The commands that the platform takes for every kind of record: to whom it is released, and that its content goes. */
export const recordCommandsOf = ({ choice, of: kindOf }: RecordKinds) => {
  const record = { id: required(recordId, 'Id of the record.') };
  const mutable = (type: RecordCommand['type'], description: string, input: { description: string; of: Shape }) => ({
    type,
    description,
    input: { ...input, of: { kind: required(choice, 'What kind of record it is.'), ...record, ...input.of } },
    recordTypeOf: ({ kind }: { readonly kind: string }) => kindOf(kind).recordType,
    read: commandOf({ type, input: { ...input, of: { ...record, ...input.of } } }),
  });
  return mutationsOf([
    mutable(
      'ChangeMarking',
      'Give a record of your country another audience, with effect on the next read and on open subscriptions. For delegates of its owner. Whoever has read it and may not any more gets a recall notice.',
      {
        description: 'Another audience for a record of yours.',
        of: {
          marking: required(
            markingRequest,
            'The marking that it is to have. It takes the place of the old one: what is left out does not stay.',
          ),
          reason: required(text(2000), 'Why; only your own people read it.'),
        },
      },
    ),
    mutable(
      'RequestErasure',
      'Ask for the content of a record of your country to be erased for ever. For delegates of its owner; a second person approves.',
      {
        description: 'A record of yours whose content is to be erased.',
        of: {
          basis: required(
            text(2000),
            'The law or rule that asks for it. It stays in the history, so it must not repeat what is to be erased.',
          ),
        },
      },
    ),
    mutable(
      'ApproveErasure',
      'Erase the content of a record for ever, as another person of your country has asked. For delegates and approvers of its owner. The record is gone for everybody; that there was one, and every proof of it, stays.',
      { description: 'An erasure that another person of your country has asked for.', of: {} },
    ),
  ]);
};
