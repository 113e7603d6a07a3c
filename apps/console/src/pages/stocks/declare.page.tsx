import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { declareStock } from '../../documents/commands.documents.ts';
import { useMaterials } from '../../forms/codes.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { SelectField, TextField } from '../../forms/field.tsx';
import { filledIn, inputOf, NOBODY_ELSE } from '../../forms/marking-draft.ts';
import { MarkingEditor } from '../../forms/marking-editor.tsx';
import { Page } from '../../frame/page.tsx';
import { useCommand } from '../../platform/use-command.ts';
import { t } from '../../words/words.ts';

const EMPTY = { material: '', form: '', purity: '', quantity: '', shareOfAnnualConsumption: '', asOf: '', note: '' };

/** A stock of the reader's country; nobody else sees it until a second person has approved it. */
export default function Declare() {
  const { state, send, edit } = useCommand(declareStock);
  const [form, setForm] = useState(EMPTY);
  const [marking, setMarking] = useState(NOBODY_ELSE);
  const set = (name: keyof typeof EMPTY) => (value: string) => {
    setForm({ ...form, [name]: value });
    if (state.is === 'rejected') edit();
  };
  const text = (name: keyof typeof EMPTY, more: { type?: 'date'; isLong?: boolean; isFigure?: boolean } = {}) => (
    <TextField name={name} label={t(`field.${name}`)} value={form[name]} set={set(name)} {...more} />
  );
  const { material, form: shape, purity, quantity, asOf } = form;
  return (
    <Page title={t('stocks.declare')}>
      <p className="notice">{t('stocks.declare.text')}</p>
      <div className="card">
        <CommandForm
          state={state}
          send={t('stocks.declare.send')}
          onSend={() =>
            void send({ ...filledIn(form), material, form: shape, purity, quantity, asOf, marking: inputOf(marking) })
          }
        >
          <h2>{t('stocks.what')}</h2>
          <SelectField
            name="material"
            label={t('field.material')}
            value={material}
            set={set('material')}
            empty={t('choose')}
            choices={useMaterials()}
          />
          {text('form')}
          {text('purity', { isFigure: true })}
          <h2>{t('stocks.howMuch')}</h2>
          {text('quantity', { isFigure: true })}
          {text('shareOfAnnualConsumption', { isFigure: true })}
          {text('asOf', { type: 'date' })}
          {text('note', { isLong: true })}
          <h2>{t('stocks.whoSees')}</h2>
          <MarkingEditor draft={marking} set={setMarking} />
        </CommandForm>
        {state.is === 'accepted' && (
          <p>
            <Link to="/stocks">{t('nav.stocks')}</Link>
          </p>
        )}
      </div>
    </Page>
  );
}
