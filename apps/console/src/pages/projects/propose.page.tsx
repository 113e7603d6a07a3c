import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { proposeProject } from '../../documents/commands.documents.ts';
import { countries, currencies, STAGES, useMaterials, valuesOf } from '../../forms/codes.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { ManyField, SelectField, TagsField, TextField } from '../../forms/field.tsx';
import { filledIn, inputOf, NOBODY_ELSE } from '../../forms/marking-draft.ts';
import { MarkingEditor } from '../../forms/marking-editor.tsx';
import { Page } from '../../frame/page.tsx';
import type { VariablesOf } from '../../platform/graphql.ts';
import { useCommand } from '../../platform/use-command.ts';
import { t } from '../../words/words.ts';

type Input = VariablesOf<typeof proposeProject>['input'];
const EMPTY = {
  title: '',
  summary: '',
  hostCountry: '',
  location: '',
  promoter: '',
  startsOn: '',
  endsOn: '',
  source: '',
};

/** A project, and who will see it, before it is proposed. */
export default function Propose() {
  const navigate = useNavigate();
  const { state, send, edit } = useCommand(
    proposeProject,
    (id) => void navigate({ to: '/projects/$id', params: { id } }),
  );
  const [form, setForm] = useState(EMPTY);
  const [materials, setMaterials] = useState<readonly string[]>([]);
  const [stages, setStages] = useState<readonly string[]>([]);
  const [cost, setCost] = useState({ amount: '', currency: 'EUR' });
  const [output, setOutput] = useState('');
  const [marking, setMarking] = useState(NOBODY_ELSE);
  const all = useMaterials();
  const set = (name: keyof typeof EMPTY) => (value: string) => {
    setForm({ ...form, [name]: value });
    if (state.is === 'rejected') edit();
  };
  const text = (name: keyof typeof EMPTY, more: { type?: 'date'; isLong?: boolean } = {}) => (
    <TextField name={name} label={t(`field.${name}`)} value={form[name]} set={set(name)} {...more} />
  );
  const submit = (): void =>
    void send({
      ...filledIn(form),
      // Sent empty where nothing was chosen: what is missing is then said at its field.
      title: form.title,
      hostCountry: form.hostCountry,
      materials: [...materials],
      stages: stages as Input['stages'],
      ...(cost.amount !== '' && { estimatedCost: cost }),
      ...(output !== '' && { expectedOutput: { quantity: output } }),
      marking: inputOf(marking),
    });
  return (
    <Page title={t('projects.propose')}>
      <div className="card">
        <CommandForm state={state} onSend={submit} send={t('projects.propose.send')}>
          <h2>{t('propose.what')}</h2>
          {text('title')}
          {text('summary', { isLong: true })}
          <TagsField
            name="materials"
            label={t('field.materials')}
            values={materials}
            set={setMaterials}
            choices={all}
            add={t('propose.addMaterial')}
            remove={(text) => t('marking.remove', { text })}
          />
          <ManyField
            name="stages"
            label={t('field.stages')}
            values={stages}
            set={setStages}
            choices={valuesOf('stage', STAGES)}
          />
          <SelectField
            name="hostCountry"
            label={t('field.hostCountry')}
            hint={t('propose.host.hint')}
            value={form.hostCountry}
            set={set('hostCountry')}
            empty={t('choose')}
            choices={countries()}
          />
          {text('location')}
          {text('promoter')}
          {text('startsOn', { type: 'date' })}
          {text('endsOn', { type: 'date' })}
          <div className="row">
            <TextField
              name="estimatedCost.amount"
              label={t('field.estimatedCost')}
              isFigure
              value={cost.amount}
              set={(amount) => setCost({ ...cost, amount })}
            />
            <SelectField
              name="estimatedCost.currency"
              label={t('field.currency')}
              value={cost.currency}
              set={(currency) => setCost({ ...cost, currency })}
              choices={currencies()}
            />
          </div>
          <TextField
            name="expectedOutput.quantity"
            label={t('field.expectedOutput')}
            hint={t('hint.tonnes')}
            isFigure
            value={output}
            set={setOutput}
          />
          {text('source')}
          <h2>{t('marking.title')}</h2>
          <MarkingEditor draft={marking} set={setMarking} />
        </CommandForm>
      </div>
    </Page>
  );
}
