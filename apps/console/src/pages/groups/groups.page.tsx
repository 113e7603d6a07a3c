import { useState } from 'react';
import { Card, Facts, MarkingChips, More, Reading } from '../../design/parts.tsx';
import { admitToGroup, foundGroup } from '../../documents/commands.documents.ts';
import { groupsQuery } from '../../documents/trust.documents.ts';
import { countries } from '../../forms/codes.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { SelectField, TagsField, TextField } from '../../forms/field.tsx';
import { filledIn } from '../../forms/marking-draft.ts';
import { Page } from '../../frame/page.tsx';
import { usePages } from '../../platform/use-ask.ts';
import { useCommand } from '../../platform/use-command.ts';
import { has, useMe } from '../../session/session.ts';
import { instant, party, t } from '../../words/words.ts';

/** The sharing groups that the reader may know of. */
export default function Groups() {
  const me = useMe().data?.me;
  const [isFounding, setFounding] = useState(false);
  const read = usePages(groupsQuery, { first: 50 }, ({ groups }) => groups, { kinds: ['group'] });
  const all = read.data?.pages.flatMap(({ groups }) => groups.nodes) ?? [];
  return (
    <Page
      title={t('nav.groups')}
      aside={
        has(me, 'DELEGATE') && (
          <button className="button main" aria-expanded={isFounding} onClick={() => setFounding(!isFounding)}>
            {t('groups.found')}
          </button>
        )
      }
    >
      {isFounding && <Found />}
      <Reading read={read}>
        {all.length === 0 && <p className="card">{t('groups.empty')}</p>}
        {all.map((group) => (
          <Card key={group.id} title={group.name} aside={<MarkingChips marking={group.marking} />}>
            {group.purpose && <p>{group.purpose}</p>}
            <Facts
              of={[
                [t('field.owner'), party(group.owner)],
                [t('field.foundedAt'), instant(group.foundedAt)],
                [
                  t('field.members'),
                  group.members.map(({ country }) => party(country)).join(', ') || t('groups.members.untold'),
                ],
              ]}
            />
            {group.owner === me?.country && has(me, 'DELEGATE') && <Admit id={group.id} />}
          </Card>
        ))}
        <More pages={read} />
      </Reading>
    </Page>
  );
}

const Found = () => {
  const { state, send } = useCommand(foundGroup);
  const [form, setForm] = useState({ name: '', purpose: '' });
  const [members, setMembers] = useState<readonly string[]>([]);
  return (
    <div className="card">
      <CommandForm
        state={state}
        onSend={() => void send({ ...filledIn(form), name: form.name, members: [...members] })}
        send={t('groups.found')}
      >
        <TextField name="name" label={t('field.name')} value={form.name} set={(name) => setForm({ ...form, name })} />
        <TextField
          name="purpose"
          label={t('field.purpose')}
          value={form.purpose}
          set={(purpose) => setForm({ ...form, purpose })}
        />
        <TagsField
          name="members"
          label={t('field.members')}
          values={members}
          set={setMembers}
          choices={countries()}
          add={t('marking.add')}
          remove={(text) => t('marking.remove', { text })}
        />
      </CommandForm>
    </div>
  );
};

const Admit = ({ id }: { id: string }) => {
  const { state, send, edit } = useCommand(admitToGroup);
  const [country, setCountry] = useState('');
  return (
    <details onToggle={() => state.is === 'accepted' && edit()}>
      <summary>{t('groups.admit')}</summary>
      <CommandForm state={state} onSend={() => void send({ id, country })} send={t('groups.admit')}>
        <SelectField
          name="country"
          label={t('field.country')}
          value={country}
          set={setCountry}
          empty={t('choose')}
          choices={countries()}
        />
      </CommandForm>
    </details>
  );
};
