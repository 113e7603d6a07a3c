import { useState } from 'react';
import { pledgeInvestment } from '../../documents/commands.documents.ts';
import { currencies, valuesOf } from '../../forms/codes.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { SelectField, TextField } from '../../forms/field.tsx';
import { filledIn, inputOf, NOBODY_ELSE } from '../../forms/marking-draft.ts';
import { MarkingEditor } from '../../forms/marking-editor.tsx';
import type { VariablesOf } from '../../platform/graphql.ts';
import { useCommand } from '../../platform/use-command.ts';
import { t } from '../../words/words.ts';

const KINDS = ['GRANT', 'LOAN', 'EQUITY', 'GUARANTEE', 'OFFTAKE', 'TECHNICAL'] as const;
type Input = VariablesOf<typeof pledgeInvestment>['input'];

/** A pledge to a project; an approver of the same country has to confirm it. */
export const PledgeForm = ({ projectId }: { projectId: string }) => {
  const { state, send } = useCommand(pledgeInvestment);
  const [form, setForm] = useState({ amount: '', currency: 'EUR', kind: 'GRANT', conditions: '', expiresOn: '' });
  const [marking, setMarking] = useState(NOBODY_ELSE);
  const set = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <CommandForm
      state={state}
      send={t('pledges.pledge')}
      onSend={() =>
        void send({
          ...filledIn(form),
          projectId,
          amount: form.amount,
          currency: form.currency,
          kind: form.kind as Input['kind'],
          marking: inputOf(marking),
        })
      }
    >
      <SelectField
        name="kind"
        label={t('field.kind')}
        value={form.kind}
        set={set('kind')}
        choices={valuesOf('pledgeKind', KINDS)}
      />
      <div className="row">
        <TextField name="amount" label={t('field.amount')} isFigure value={form.amount} set={set('amount')} />
        <SelectField
          name="currency"
          label={t('field.currency')}
          value={form.currency}
          set={set('currency')}
          choices={currencies()}
        />
      </div>
      <TextField
        name="expiresOn"
        label={t('field.expiresOn')}
        type="date"
        value={form.expiresOn}
        set={set('expiresOn')}
      />
      <TextField
        name="conditions"
        label={t('field.conditions')}
        isLong
        value={form.conditions}
        set={set('conditions')}
      />
      <h3>{t('marking.title')}</h3>
      <MarkingEditor draft={marking} set={setMarking} />
    </CommandForm>
  );
};
