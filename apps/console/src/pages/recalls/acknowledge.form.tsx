import { useState } from 'react';
import { acknowledgeRecall } from '../../documents/commands.documents.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { TextField } from '../../forms/field.tsx';
import { filledIn } from '../../forms/marking-draft.ts';
import { useCommand } from '../../platform/use-command.ts';
import { t } from '../../words/words.ts';

/** Says to the owner that nothing of a record is used any more. */
export const AcknowledgeForm = ({ id }: { id: string }) => {
  const { state, send } = useCommand(acknowledgeRecall);
  const [note, setNote] = useState('');
  return (
    <CommandForm state={state} onSend={() => void send({ id, ...filledIn({ note }) })} send={t('recalls.acknowledge')}>
      <TextField name="note" label={t('recalls.note')} value={note} set={setNote} />
    </CommandForm>
  );
};
