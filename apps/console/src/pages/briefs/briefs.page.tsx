import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Facts, MarkingChips, More, Nothing, Reading, Status, Table } from '../../design/parts.tsx';
import { writeBrief } from '../../documents/commands.documents.ts';
import { briefQuery, briefsQuery } from '../../documents/desk.documents.ts';
import { CommandForm } from '../../forms/command-form.tsx';
import { TextField } from '../../forms/field.tsx';
import { inputOf, NOBODY_ELSE } from '../../forms/marking-draft.ts';
import { MarkingEditor } from '../../forms/marking-editor.tsx';
import { Page, tabOf } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import { useAsk, usePages } from '../../platform/use-ask.ts';
import { useCommand } from '../../platform/use-command.ts';
import { has, useMe } from '../../session/session.ts';
import { instant, named, party, t } from '../../words/words.ts';
import { WhoSees } from '../who-sees.tsx';

export const BriefLink = ({ brief }: { brief: { id: string; title: string } }) => (
  <Link to="/briefs/$id" params={{ id: brief.id }}>
    {brief.title}
  </Link>
);

/** The briefs that the reader may see, and the way to write one. */
export default function Briefs() {
  useLive('brief');
  const me = useMe().data?.me;
  const [isWriting, setWriting] = useState(false);
  const read = usePages(briefsQuery, { first: 50 }, ({ briefs }) => briefs, { kinds: ['brief'] });
  return (
    <Page
      title={t('nav.briefs')}
      aside={
        has(me, 'LIAISON', 'DELEGATE') && (
          <button className="button main" aria-expanded={isWriting} onClick={() => setWriting(!isWriting)}>
            {t('briefs.write')}
          </button>
        )
      }
    >
      {isWriting && <Write />}
      <div className="card">
        <Reading read={read}>
          <Table
            caption={t('briefs.caption')}
            rows={read.data?.pages.flatMap(({ briefs }) => briefs.nodes) ?? []}
            keyOf={({ id }) => id}
            empty={t('briefs.empty')}
            columns={[
              { head: t('field.title'), cell: (row) => <BriefLink brief={row} /> },
              { head: t('field.owner'), cell: ({ owner }) => party(owner) },
              { head: t('field.revisedAt'), cell: ({ revisedAt }) => instant(revisedAt) },
              { head: t('field.status'), cell: ({ status }) => <Status type="briefStatus" value={status} /> },
              { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
            ]}
          />
          <More pages={read} />
        </Reading>
      </div>
    </Page>
  );
}

const Write = () => {
  const { state, send } = useCommand(writeBrief);
  const [form, setForm] = useState({ title: '', text: '' });
  const [marking, setMarking] = useState(NOBODY_ELSE);
  return (
    <div className="card">
      <CommandForm
        state={state}
        onSend={() => void send({ ...form, sources: [], marking: inputOf(marking) })}
        send={t('briefs.write')}
      >
        <TextField
          name="title"
          label={t('field.title')}
          value={form.title}
          set={(title) => setForm({ ...form, title })}
        />
        <TextField
          name="text"
          label={t('field.text')}
          isLong
          value={form.text}
          set={(text) => setForm({ ...form, text })}
        />
        <h2>{t('marking.title')}</h2>
        <MarkingEditor draft={marking} set={setMarking} />
      </CommandForm>
    </div>
  );
};

/** One brief, with what it quotes. */
export function BriefPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  useLive('brief');
  const me = useMe().data?.me;
  const read = useAsk(briefQuery, { id }, { kinds: ['brief'] });
  const brief = read.data?.brief;
  if (read.data && !brief) return <Nothing />;
  return (
    <Reading read={read}>
      {brief && (
        <Page
          title={brief.title}
          tab={tabOf(brief.title, t('kind.BRIEF'), brief.marking)}
          aside={
            <>
              <MarkingChips marking={brief.marking} />
              {brief.owner === me?.country && <WhoSees kind="BRIEF" id={brief.id} />}
            </>
          }
        >
          <p className="row">
            <Link to="/briefs">{t('nav.briefs')}</Link>
            <Link to="/history" search={{ record: brief.id }}>
              {t('history.of')}
            </Link>
          </p>
          <div className="card">
            {brief.withdrawnBecause && <p className="notice warn">{brief.withdrawnBecause}</p>}
            {(brief.text ?? t('withheld')).split('\n').map((line, at) => (
              <p key={at}>{line}</p>
            ))}
            <Facts
              of={[
                [t('field.owner'), party(brief.owner)],
                [t('field.revisedAt'), instant(brief.revisedAt)],
                [t('field.sources'), brief.sources.map(({ kind }) => named('recordKind', kind)).join(', ')],
              ]}
            />
          </div>
        </Page>
      )}
    </Reading>
  );
}
