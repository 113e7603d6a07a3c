import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card, MarkingChips, Reading } from '../../design/parts.tsx';
import { Page } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import { instant, money, named, party, t } from '../../words/words.ts';
import { ConsentForm } from '../projects/project.forms.tsx';
import { ProjectLink } from '../projects/projects.page.tsx';
import { AcknowledgeForm } from '../recalls/acknowledge.form.tsx';
import { AccessAnswer, ApproveAct, ApproveStock, ConfirmPledge, UseAnswer } from './decisions.forms.tsx';
import { useWaiting } from './waiting.ts';

/** Everything that waits for the reader's country, each with what has to be known to decide it. */
export default function Decisions() {
  const { read, waiting, count, me } = useWaiting();
  useLive('stockDeclaration', 'pledge', 'act');
  const { stocks, pledges, consents, uses, requests, recalls, acts } = waiting;
  return (
    <Page title={t('nav.decisions')}>
      {me?.country === null ? (
        <p>{t('decisions.alliance')}</p>
      ) : (
        <Reading read={read}>
          {count === 0 && <p className="card">{t('decisions.none', { country: party(me?.country ?? '') })}</p>}
          {stocks.map((stock) => (
            <Decision key={stock.id} title={t('decisions.stock', { material: stock.material })} marking={stock.marking}>
              <ApproveStock stock={stock} />
            </Decision>
          ))}
          {pledges.map((pledge) => (
            <Decision
              key={pledge.id}
              title={t('decisions.pledge', { amount: money(pledge.amount, pledge.currency) })}
              marking={pledge.marking}
            >
              <p>
                {named('pledgeKind', pledge.kind)} ·{' '}
                <ProjectLink project={{ id: pledge.projectId, title: pledge.project?.title ?? t('kind.PROJECT') }} />
                {pledge.conditions && ` · ${pledge.conditions}`}
              </p>
              <ConfirmPledge id={pledge.id} />
            </Decision>
          ))}
          {consents.map((project) => (
            <Decision
              key={project.id}
              title={t('decisions.consent', { title: project.title, owner: party(project.owner) })}
              marking={project.marking}
            >
              <p>
                <ProjectLink project={project} />
              </p>
              <ConsentForm project={project} />
            </Decision>
          ))}
          {uses.map((use) => (
            <Decision
              key={use.id}
              title={t('decisions.use', { requester: party(use.requester), purpose: named('purpose', use.purpose) })}
              marking={use.marking}
            >
              <p>{use.explanation}</p>
              <UseAnswer id={use.id} />
            </Decision>
          ))}
          {requests.map((request) => (
            <Decision
              key={request.id}
              title={t('decisions.request', { requester: party(request.requester), subject: request.subject })}
              marking={request.marking}
            >
              <p>{request.reason}</p>
              <AccessAnswer id={request.id} />
            </Decision>
          ))}
          {recalls.map((recall) => (
            <Decision key={recall.id} title={t('decisions.recall', { owner: party(recall.owner) })}>
              <p>{named('recallCause', recall.cause)}</p>
              <AcknowledgeForm id={recall.id} />
            </Decision>
          ))}
          {acts.map((act) => (
            <Decision key={act.id} title={t('decisions.act', { command: act.command })}>
              <p>{t('decisions.lapses', { at: instant(act.lapsesAt) })}</p>
              <ApproveAct act={act} />
            </Decision>
          ))}
        </Reading>
      )}
      <p>
        <Link to="/">{t('nav.home')}</Link>
      </p>
    </Page>
  );
}

const Decision = ({
  title,
  marking,
  children,
}: {
  title: string;
  marking?: { handling: string; level: string; mayExport: boolean };
  children: ReactNode;
}) => (
  <Card title={title} aside={marking && <MarkingChips marking={marking} />}>
    {children}
  </Card>
);
