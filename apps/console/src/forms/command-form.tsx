import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { CommandState } from '../platform/use-command.ts';
import { instant, named, t } from '../words/words.ts';
import { Faults, idOf } from './field.tsx';
import { faultsOf, type Rejected } from './faults.ts';

/**
 * A form that gives one command: its fields, what the platform says to them, and how it ended. While it is not known how
 * it ended the fields stay as they were sent, so that sending again is the same command.
 */
export const CommandForm = ({
  state,
  onSend,
  send,
  onCancel,
  isDangerous = false,
  children,
}: {
  readonly state: CommandState;
  readonly onSend: () => void;
  /** The verb of the button. */
  readonly send: string;
  readonly onCancel?: () => void;
  readonly isDangerous?: boolean;
  readonly children?: ReactNode;
}) => {
  const rejected = state.is === 'rejected' ? state.outcome : null;
  const faults = rejected ? faultsOf(rejected, messageOf) : new Map<string, string>();
  const isLocked = state.is === 'sending' || state.is === 'unknown';
  useErrorInTitle(rejected !== null);
  return (
    <Faults value={faults}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (state.is !== 'sending') onSend();
        }}
      >
        {rejected && <Problem key={JSON.stringify(rejected)} rejected={rejected} faults={faults} />}
        <OutcomeLine state={state} />
        <fieldset disabled={isLocked}>{children}</fieldset>
        {state.is !== 'accepted' && state.is !== 'prepared' && (
          <p className="row">
            <button className={isDangerous ? 'button bad' : 'button main'} aria-disabled={state.is === 'sending'}>
              {state.is === 'sending' ? t('sending') : state.is === 'unknown' ? t('sendAgain') : send}
            </button>
            {onCancel && (
              <button type="button" className="button" onClick={onCancel}>
                {t('cancel')}
              </button>
            )}
          </p>
        )}
      </form>
    </Faults>
  );
};

/** The reader's words for a refusal; the platform's own sentence where the catalogue has none for its code. */
const messageOf = (code: string, message: string): string => {
  const said = named('refusal', code);
  return said === code ? message : said;
};

const Problem = ({ rejected, faults }: { rejected: Rejected; faults: ReadonlyMap<string, string> }) => {
  const titled = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div className="summary" role="alert" aria-labelledby={titled} tabIndex={-1} ref={box}>
      <h2 id={titled}>{t('problem')}</h2>
      {faults.size === 0 ? (
        <p>{messageOf(rejected.code, rejected.message)}</p>
      ) : (
        <ul>
          {[...faults].map(([field, text]) => (
            <li key={field}>
              <a
                href={`#${idOf(field)}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(idOf(field))?.focus();
                }}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p className="small quiet">{rejected.code}</p>
    </div>
  );
};

/** How a command stands, in one line that is announced. */
export const OutcomeLine = ({ state }: { state: CommandState }) => (
  <div role="status" aria-live="polite">
    {state.is === 'accepted' && (
      <p className="notice ok">
        {t(state.outcome.recorded ? 'accepted' : 'accepted.again', { time: state.at.toISOString().slice(11, 19) })}
        {state.outcome.receipt !== null && ` ${t('accepted.receipt')}`}
      </p>
    )}
    {state.is === 'prepared' && (
      <p className="notice">
        {t('prepared', { until: instant(state.outcome.lapsesAt) })} <Link to="/decisions">{t('nav.decisions')}</Link>
      </p>
    )}
    {state.is === 'unknown' && <p className="notice warn">{t('unknown')}</p>}
  </div>
);

const useErrorInTitle = (isWrong: boolean): void =>
  useEffect(() => {
    if (!isWrong) return undefined;
    const { title } = document;
    document.title = t('problem.title', { title });
    return () => void (document.title = title);
  }, [isWrong]);
