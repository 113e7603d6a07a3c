import { useEffect, useState } from 'react';
import {
  answerAccessRequest,
  approveAct,
  approveDeclaration,
  approveUse,
  confirmPledge,
  refuseUse,
  withdrawAct,
} from '../../documents/commands.documents.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { TextField } from '../../forms/field.tsx';
import { filledIn } from '../../forms/marking-draft.ts';
import { useCommand } from '../../platform/use-command.ts';
import { has, useMe } from '../../session/session.ts';
import { t } from '../../words/words.ts';
import { digestOf } from './act-digest.ts';
import { Difference, type Stock } from './difference.tsx';

/** A declaration's figures, as they are shown now and as they would be, and the second person's approval. */
export const ApproveStock = ({ stock }: { stock: Stock }) => {
  const { state, send } = useCommand(approveDeclaration);
  const me = useMe().data?.me;
  return (
    <>
      <Difference stock={stock} />
      {has(me, 'APPROVER') ? (
        <CommandForm state={state} onSend={() => void send({ id: stock.id })} send={t('approve')} />
      ) : (
        <p className="quiet">{t('decisions.needsApprover')}</p>
      )}
    </>
  );
};

export const ConfirmPledge = ({ id }: { id: string }) => {
  const { state, send } = useCommand(confirmPledge);
  return <CommandForm state={state} onSend={() => void send({ id })} send={t('pledges.confirm')} />;
};

/** Yes to what another party wants to do with a record, or no with a reason. */
export const UseAnswer = ({ id }: { id: string }) => {
  const yes = useCommand(approveUse);
  const no = useCommand(refuseUse);
  const [reason, setReason] = useState('');
  return (
    <>
      {no.state.is === 'editing' && (
        <CommandForm state={yes.state} onSend={() => void yes.send({ id })} send={t('approve')} />
      )}
      {yes.state.is === 'editing' && (
        <CommandForm state={no.state} onSend={() => void no.send({ id, reason })} send={t('refuse')} isDangerous>
          <TextField name="reason" label={t('field.reason')} value={reason} set={setReason} />
        </CommandForm>
      )}
    </>
  );
};

export const AccessAnswer = ({ id }: { id: string }) => {
  const { state, send } = useCommand(answerAccessRequest);
  const [note, setNote] = useState('');
  const answer = (given: 'GRANTED' | 'DECLINED'): void => void send({ id, answer: given, ...filledIn({ note }) });
  return (
    <CommandForm state={state} onSend={() => answer('GRANTED')} send={t('requests.grant')}>
      <TextField name="note" label={t('field.note')} value={note} set={setNote} />
      <button type="button" className="button bad" onClick={() => answer('DECLINED')}>
        {t('requests.decline')}
      </button>
    </CommandForm>
  );
};

type Act = {
  readonly id: string;
  readonly command: string;
  readonly input: string;
  readonly digest: string;
  readonly isOwn: boolean;
};

/** What the first person wants, word for word; the second approves what stands here, and nothing else. */
export const ApproveAct = ({ act: { id, command, input, digest, isOwn } }: { act: Act }) => {
  const approve = useCommand(approveAct);
  const withdraw = useCommand(withdrawAct);
  const [computed, setComputed] = useState<string | null>(null);
  useEffect(() => void digestOf(command, input).then(setComputed), [command, input]);
  const fields = Object.entries(JSON.parse(input) as Record<string, unknown>);
  return (
    <>
      <dl>
        {fields.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
      {computed !== null && computed !== digest && <p className="notice warn">{t('acts.different')}</p>}
      {isOwn ? (
        <>
          <p className="quiet">{t('acts.own')}</p>
          <CommandForm
            state={withdraw.state}
            onSend={() => void withdraw.send({ id })}
            send={t('acts.withdraw')}
            isDangerous
          />
        </>
      ) : (
        computed === digest && (
          <CommandForm
            state={approve.state}
            onSend={() => void approve.send({ id, digest: computed })}
            send={t('approve')}
          />
        )
      )}
    </>
  );
};
