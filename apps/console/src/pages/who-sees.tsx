import { useState } from 'react';
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay, Button } from 'react-aria-components';
import { MarkingChips, Reading } from '../design/parts.tsx';
import { changeMarking } from '../documents/commands.documents.ts';
import { audienceOfQuery } from '../documents/trust.documents.ts';
import { CommandForm } from '../forms/command-form.tsx';
import { TextField } from '../forms/field.tsx';
import { inputOf, NOBODY_ELSE, type Draft } from '../forms/marking-draft.ts';
import { MarkingEditor, Parties } from '../forms/marking-editor.tsx';
import type { ResultOf, VariablesOf } from '../platform/graphql.ts';
import { useAsk } from '../platform/use-ask.ts';
import { useCommand } from '../platform/use-command.ts';
import { instant, party, t } from '../words/words.ts';

export type RecordKind = VariablesOf<typeof audienceOfQuery>['kind'];
type Audience = NonNullable<ResultOf<typeof audienceOfQuery>['audienceOf']>;

/** Who sees a record of the reader's own country, who has read it, and the way to change that. */
export const WhoSees = ({ kind, id }: { kind: RecordKind; id: string }) => (
  <DialogTrigger>
    <Button className="button">{t('whoSees')}</Button>
    <ModalOverlay className="overlay" isDismissable>
      <Modal className="dialog">
        <Dialog>{({ close }) => <Audience kind={kind} id={id} close={close} />}</Dialog>
      </Modal>
    </ModalOverlay>
  </DialogTrigger>
);

const Audience = ({ kind, id, close }: { kind: RecordKind; id: string; close: () => void }) => {
  const read = useAsk(audienceOfQuery, { kind, id }, { kinds: [] });
  const [isChanging, setChanging] = useState(false);
  const audience = read.data?.audienceOf;
  return (
    <>
      <div className="between">
        <Heading slot="title">{t(isChanging ? 'marking.change' : 'whoSees')}</Heading>
        <button className="button" onClick={close}>
          {t('close')}
        </button>
      </div>
      <Reading read={read}>
        {audience && !isChanging && (
          <>
            <MarkingChips marking={audience.marking} />
            <p>{t('preview.count', { count: audience.readers, all: audience.parties.length })}</p>
            <Parties parties={audience.parties} />
            <h3>{t('readings.title')}</h3>
            {audience.readings.length === 0 && <p className="quiet">{t('readings.none')}</p>}
            <ul className="list">
              {audience.readings.map(({ id: reading, reader, lastAt }) => (
                <li key={reading}>
                  {reader === null ? t('readings.somebody') : party(reader)}: {instant(lastAt)}
                </li>
              ))}
            </ul>
            <button className="button main" onClick={() => setChanging(true)}>
              {t('marking.change')}
            </button>
          </>
        )}
        {audience && isChanging && <Change kind={kind} id={id} audience={audience} close={close} />}
      </Reading>
    </>
  );
};

const Change = ({
  kind,
  id,
  audience,
  close,
}: {
  kind: RecordKind;
  id: string;
  audience: Audience;
  close: () => void;
}) => {
  const { state, send } = useCommand(changeMarking);
  const { marking } = audience;
  const [draft, setDraft] = useState<Draft>({
    ...NOBODY_ELSE,
    releaseTo: marking.releaseTo ?? [],
    displayOnlyTo: marking.displayOnlyTo ?? [],
    denyTo: marking.denyTo ?? [],
    handling: marking.handling,
    level: marking.level,
  });
  const [reason, setReason] = useState('');
  const readers = audience.readings.flatMap(({ reader }) => (reader === null ? [] : [reader]));
  const losing = readers.filter((reader) => !draft.releaseTo.some((each) => each === reader || each.length > 2));
  return (
    <CommandForm
      state={state}
      onSend={() => void send({ kind, id, reason, marking: inputOf(draft) })}
      send={t('marking.change')}
      onCancel={close}
    >
      <MarkingEditor draft={draft} set={setDraft} />
      {losing.length > 0 && (
        <p className="notice warn">{t('marking.loses', { parties: [...new Set(losing)].map(party).join(', ') })}</p>
      )}
      <TextField
        name="reason"
        label={t('field.reason')}
        hint={t('marking.reason.hint')}
        value={reason}
        set={setReason}
      />
    </CommandForm>
  );
};
