import type { TadaDocumentNode } from 'gql.tada';
import { useRef, useState } from 'react';
import { ask, Refused } from './ask.ts';
import { reachedBy } from './position.ts';
import { queries } from './use-ask.ts';

/** How a command ended that the platform has answered. */
export type Outcome =
  | {
      readonly __typename: 'CommandAccepted';
      recordId: string;
      recorded: boolean;
      position: string;
      receipt: string | null;
    }
  | { readonly __typename: 'CommandPrepared'; act: string; digest: string; lapsesAt: string }
  | {
      readonly __typename: 'CommandRejected';
      code: string;
      message: string;
      details: Readonly<Record<string, unknown>>;
    };

export type CommandState =
  | { readonly is: 'editing' }
  | { readonly is: 'sending' }
  | { readonly is: 'accepted'; readonly at: Date; readonly outcome: Outcome & { __typename: 'CommandAccepted' } }
  | { readonly is: 'prepared'; readonly outcome: Outcome & { __typename: 'CommandPrepared' } }
  | { readonly is: 'rejected'; readonly outcome: Outcome & { __typename: 'CommandRejected' } }
  /** No answer came, or one that does not say: it may have been recorded, and may be sent again. */
  | { readonly is: 'unknown'; readonly error: Refused };

/** How often a record that others are changing is tried again without a word. */
const BUSY_TRIES = 3;

type Input = { readonly commandId?: string | null | undefined };

/**
 * A command of a form, from editing to its outcome. Its id is made with the form and stays until the platform has
 * answered, so that sending again records nothing twice.
 */
export const useCommand = <V extends { input: Input }>(
  document: TadaDocumentNode<{ outcome: Outcome }, V>,
  onAccepted: (recordId: string) => void = () => undefined,
) => {
  const [state, setState] = useState<CommandState>({ is: 'editing' });
  const commandId = useRef(crypto.randomUUID() as string);

  const send = async (input: Omit<V['input'], 'commandId' | 'signature'>): Promise<void> => {
    setState({ is: 'sending' });
    try {
      const outcome = await tried(document, { input: { ...input, commandId: commandId.current } } as unknown as V);
      if (outcome.__typename !== 'CommandRejected') commandId.current = crypto.randomUUID();
      if (outcome.__typename === 'CommandAccepted') {
        reachedBy(outcome.position);
        setState({ is: 'accepted', at: new Date(), outcome });
        void queries.invalidateQueries();
        onAccepted(outcome.recordId);
      } else
        setState(outcome.__typename === 'CommandPrepared' ? { is: 'prepared', outcome } : { is: 'rejected', outcome });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setState(
        error.isOutage || error.code === 'UNAUTHENTICATED'
          ? { is: 'unknown', error }
          : { is: 'rejected', outcome: refusal(error) },
      );
    }
  };

  return { state, send, edit: () => setState({ is: 'editing' }) };
};

const tried = async <V>(document: TadaDocumentNode<{ outcome: Outcome }, V>, variables: V): Promise<Outcome> => {
  for (let tries = 1; ; tries++) {
    const { outcome } = await ask(document, variables);
    if (outcome.__typename !== 'CommandRejected' || outcome.code !== 'STREAM.BUSY' || tries === BUSY_TRIES)
      return outcome;
  }
};

/** A request that was not even judged; nothing was recorded. */
const refusal = ({ code, message }: Refused): Outcome & { __typename: 'CommandRejected' } => ({
  __typename: 'CommandRejected',
  code,
  message,
  details: {},
});
