import { useState } from 'react';
import { Card } from '../../design/parts.tsx';
import {
  endorseProject,
  giveHostConsent,
  refuseHostConsent,
  reportMilestone,
} from '../../documents/commands.documents.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { TextField } from '../../forms/field.tsx';
import { filledIn } from '../../forms/marking-draft.ts';
import { useCommand } from '../../platform/use-command.ts';
import { party, t } from '../../words/words.ts';

type Consented = {
  readonly id: string;
  readonly hostCountry: string;
  readonly consent: { readonly given: boolean } | null;
};

/** What the host country says to a project on its ground. */
export const ConsentForm = ({ project: { id, hostCountry, consent } }: { project: Consented }) => {
  const give = useCommand(giveHostConsent);
  const refuse = useCommand(refuseHostConsent);
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const isRefusing = refuse.state.is !== 'editing';
  return (
    <Card title={t('consent.title', { country: party(hostCountry) })}>
      <p>{t('consent.text')}</p>
      {!consent?.given && !isRefusing && (
        <CommandForm
          state={give.state}
          onSend={() => void give.send({ id, ...filledIn({ note }) })}
          send={t('consent.give')}
        >
          <TextField name="note" label={t('consent.note')} isLong value={note} set={setNote} />
        </CommandForm>
      )}
      {give.state.is === 'editing' && (
        <details open={isRefusing}>
          <summary>{t('consent.refuse')}</summary>
          <CommandForm
            state={refuse.state}
            onSend={() => void refuse.send({ id, reason })}
            send={t('consent.refuse')}
            isDangerous
          >
            <TextField name="reason" label={t('field.reason')} isLong value={reason} set={setReason} />
          </CommandForm>
        </details>
      )}
    </Card>
  );
};

export const EndorseForm = ({ project: { id }, isGiven }: { project: { id: string }; isGiven: boolean }) => {
  const { state, send } = useCommand(endorseProject);
  const [note, setNote] = useState('');
  if (isGiven && state.is === 'editing')
    return (
      <Card title={t('endorse.title')}>
        <p>{t('endorse.given')}</p>
      </Card>
    );
  return (
    <Card title={t('endorse.title')}>
      <CommandForm state={state} onSend={() => void send({ id, ...filledIn({ note }) })} send={t('endorse.send')}>
        <TextField name="note" label={t('field.note')} value={note} set={setNote} />
      </CommandForm>
    </Card>
  );
};

export const MilestoneForm = ({ id }: { id: string }) => {
  const { state, send, edit } = useCommand(reportMilestone);
  const [form, setForm] = useState({ milestone: '', reachedOn: '', note: '' });
  const field = (name: keyof typeof form, type: 'text' | 'date' = 'text') => (
    <TextField
      name={name}
      type={type}
      label={t(`field.${name}`)}
      value={form[name]}
      set={(value) => setForm({ ...form, [name]: value })}
    />
  );
  return (
    <details onToggle={() => state.is === 'accepted' && edit()}>
      <summary>{t('project.milestones.report')}</summary>
      <CommandForm
        state={state}
        onSend={() => void send({ id, ...filledIn(form), milestone: form.milestone, reachedOn: form.reachedOn })}
        send={t('project.milestones.report')}
      >
        {field('milestone')}
        {field('reachedOn', 'date')}
        {field('note')}
      </CommandForm>
    </details>
  );
};
