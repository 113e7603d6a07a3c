import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Card, Chip, Facts, MarkingChips, Nothing, Reading, Status, Table } from '../../design/parts.tsx';
import { projectQuery } from '../../documents/projects.documents.ts';
import { Page, tabOf } from '../../frame/page.tsx';
import type { ResultOf } from '../../platform/graphql.ts';
import { useLive } from '../../platform/live.ts';
import { useAsk } from '../../platform/use-ask.ts';
import { has, useMe, type Me } from '../../session/session.ts';
import { day, instant, money, named, party, percent, t, tonnes } from '../../words/words.ts';
import { WhoSees } from '../who-sees.tsx';
import { ConsentForm, EndorseForm, MilestoneForm } from './project.forms.tsx';
import { PledgeForm } from '../pledges/pledge.form.tsx';

type Project = NonNullable<ResultOf<typeof projectQuery>['project']>;

/** One project: what it is, who pays, how far it is, and what the reader may do about it. */
export default function ProjectPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const read = useAsk(projectQuery, { id }, { kinds: ['project', 'pledge'] });
  const me = useMe().data?.me;
  useLive('project', 'pledge');
  const project = read.data?.project;
  if (read.data && !project) return <Nothing />;
  return <Reading read={read}>{project && <Shown project={project} me={me} />}</Reading>;
}

const Shown = ({ project, me }: { project: Project; me: Me | undefined }) => {
  const isOurs = me?.country != null && project.owner === me.country;
  return (
    <Page
      title={project.title}
      tab={tabOf(project.title, t('kind.PROJECT'), project.marking)}
      aside={
        <>
          <MarkingChips marking={project.marking} />
          {isOurs && <WhoSees kind="PROJECT" id={project.id} />}
        </>
      }
    >
      <p className="row">
        <Link to="/projects">{t('nav.projects')}</Link>
        <Status type="status" value={project.status} />
        {project.consent && (
          <Chip tone={project.consent.given ? 'ok' : 'bad'}>
            {t(project.consent.given ? 'consent.given' : 'consent.refused', { country: party(project.hostCountry) })}
          </Chip>
        )}
        {!project.consent && <Chip tone="warn">{t('consent.none', { country: party(project.hostCountry) })}</Chip>}
        <Link to="/history" search={{ record: project.id }}>
          {t('history.of')}
        </Link>
      </p>
      <div className="two">
        <div>
          <Card title={t('project.about')}>
            <p>{project.summary ?? t('project.noSummary')}</p>
            {project.withdrawnBecause && <p className="notice warn">{project.withdrawnBecause}</p>}
          </Card>
          <Funding project={project} me={me} />
          <Progress project={project} isOurs={isOurs} me={me} />
        </div>
        <div>
          <Card title={t('facts')}>
            <Facts
              of={[
                [t('field.owner'), party(project.owner)],
                [t('field.hostCountry'), [party(project.hostCountry), project.location].filter(Boolean).join(', ')],
                [
                  t('field.materials'),
                  project.materials.map((code) => (
                    <span key={code}>
                      <Link to="/materials/$code" params={{ code }}>
                        {code}
                      </Link>{' '}
                    </span>
                  )),
                ],
                [t('field.stages'), project.stages.map((each) => named('stage', each)).join(', ')],
                [t('field.expectedOutput'), project.expectedOutput && tonnes(project.expectedOutput.quantity)],
                [t('field.startsOn'), project.startsOn && day(project.startsOn)],
                [t('field.endsOn'), project.endsOn && day(project.endsOn)],
                [
                  t('field.estimatedCost'),
                  project.estimatedCost && money(project.estimatedCost.amount, project.estimatedCost.currency),
                ],
                [t('field.promoter'), project.promoter],
                [t('field.endorsedBy'), project.endorsedBy.map(party).join(', ')],
                [t('field.designatedBy'), project.designatedBy && party(project.designatedBy)],
                [t('field.proposedAt'), instant(project.proposedAt)],
                [t('field.source'), project.source],
              ]}
            />
          </Card>
          {me?.country === project.hostCountry && has(me, 'DELEGATE') && project.status === 'PROPOSED' && (
            <ConsentForm key={project.consent?.at ?? ''} project={project} />
          )}
          {me?.country != null && me.country !== project.owner && has(me, 'DELEGATE') && me.isMember && (
            <EndorseForm project={project} isGiven={project.endorsedBy.includes(me.country)} />
          )}
        </div>
      </div>
    </Page>
  );
};

const Funding = ({ project, me }: { project: Project; me: Me | undefined }) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      title={t('project.funding')}
      aside={
        has(me, 'DELEGATE') && (
          <button className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t('pledges.pledge')}
          </button>
        )
      }
    >
      {isOpen && <PledgeForm projectId={project.id} />}
      <Table
        caption={t('project.funding.caption')}
        rows={project.funding}
        keyOf={({ currency }) => currency}
        empty={t('project.funding.empty')}
        columns={[
          { head: t('field.currency'), cell: ({ currency }) => currency },
          { head: t('field.pledged'), isNumber: true, cell: (row) => money(row.pledged, row.currency) },
          { head: t('field.confirmed'), isNumber: true, cell: (row) => money(row.confirmed, row.currency) },
          { head: t('field.drawn'), isNumber: true, cell: (row) => money(row.drawn, row.currency) },
          { head: t('field.share'), cell: (row) => <Share of={row.pledged} part={row.confirmed} /> },
        ]}
      />
      {project.pledges.length > 0 && (
        <Table
          caption={t('pledges.caption')}
          rows={project.pledges}
          keyOf={({ id }) => id}
          empty=""
          columns={[
            { head: t('field.country'), cell: ({ country }) => party(country) },
            { head: t('field.kind'), cell: ({ kind }) => named('pledgeKind', kind) },
            { head: t('field.amount'), isNumber: true, cell: (row) => money(row.amount, row.currency) },
            { head: t('field.status'), cell: (row) => <Status type="status" value={row.status} /> },
            { head: t('field.marking'), cell: (row) => <MarkingChips marking={row.marking} /> },
          ]}
        />
      )}
    </Card>
  );
};

/** How much of a sum is there, as a bar with its figure. */
const Share = ({ of, part }: { of: string; part: string }) => {
  const share = Number(of) > 0 ? Math.min(1, Number(part) / Number(of)) : 0;
  return (
    <span className="row">
      <svg width="80" height="12" role="img" aria-label={percent((share * 100).toFixed(1))}>
        <rect x="0.5" y="0.5" width="79" height="11" fill="none" stroke="currentColor" />
        <rect className="bar" width={80 * share} height="12" />
      </svg>
      {percent((share * 100).toFixed(1))}
    </span>
  );
};

const Progress = ({ project, isOurs, me }: { project: Project; isOurs: boolean; me: Me | undefined }) => (
  <Card title={t('project.milestones')}>
    <Table
      caption={t('project.milestones.caption')}
      rows={project.milestones}
      keyOf={({ milestone, reachedOn }) => `${milestone} ${reachedOn}`}
      empty={t('project.milestones.empty')}
      columns={[
        { head: t('field.milestone'), cell: ({ milestone }) => milestone },
        { head: t('field.reachedOn'), cell: ({ reachedOn }) => day(reachedOn) },
        { head: t('field.note'), cell: ({ note }) => note },
      ]}
    />
    {project.delays.map(({ at, reason, newEndsOn }) => (
      <p key={at}>
        <Chip tone="warn">{t('project.delay')}</Chip> {newEndsOn && day(newEndsOn)} {reason}
      </p>
    ))}
    {isOurs && has(me, 'LIAISON', 'DELEGATE') && <MilestoneForm id={project.id} />}
  </Card>
);
