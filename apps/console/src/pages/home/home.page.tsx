import { Link } from '@tanstack/react-router';
import { Card, MarkingChips, Reading, Status } from '../../design/parts.tsx';
import { latestQuery } from '../../documents/desk.documents.ts';
import { Page } from '../../frame/page.tsx';
import { useLive } from '../../platform/live.ts';
import { useAsk } from '../../platform/use-ask.ts';
import { instant, money, party, t, tonnes } from '../../words/words.ts';
import { BriefLink } from '../briefs/briefs.page.tsx';
import { useWaiting } from '../decisions/waiting.ts';
import { ProjectLink } from '../projects/projects.page.tsx';

type Line = {
  readonly id: string;
  readonly text: string;
  readonly marking?: { handling: string; level: string; mayExport: boolean };
};

/** What awaits the reader's country, and what is new. */
export default function Home() {
  const { read, waiting, count, me } = useWaiting();
  useLive('project', 'stockDeclaration');
  const latest = useAsk(latestQuery, {}, { kinds: ['project', 'brief', 'stockDeclaration'] });
  const country = me?.country == null ? t('me.alliance') : party(me.country);
  const lines: readonly Line[] = [
    ...waiting.stocks.map((each) => ({ ...each, text: t('decisions.stock', { material: each.material }) })),
    ...waiting.pledges.map((each) => ({
      ...each,
      text: t('decisions.pledge', { amount: money(each.amount, each.currency) }),
    })),
    ...waiting.consents.map((each) => ({
      ...each,
      text: t('decisions.consent', { title: each.title, owner: party(each.owner) }),
    })),
    ...waiting.uses.map((each) => ({ ...each, text: t('decisions.uses', { requester: party(each.requester) }) })),
    ...waiting.requests.map((each) => ({
      ...each,
      text: t('decisions.request', { requester: party(each.requester), subject: each.subject }),
    })),
    ...waiting.recalls.map((each) => ({ id: each.id, text: t('decisions.recall', { owner: party(each.owner) }) })),
    ...waiting.acts.map((each) => ({ id: each.id, text: t('decisions.act', { command: each.command }) })),
  ];
  return (
    <Page title={t('home.title', { count, country })} tab={t('nav.home')}>
      <div className="two">
        <div>
          <Card title={t('home.waiting', { country })} aside={<Link to="/decisions">{t('home.allDecisions')}</Link>}>
            {me?.country === null ? (
              <p>{t('decisions.alliance')}</p>
            ) : (
              <Reading read={read}>
                {lines.length === 0 && <p className="quiet">{t('decisions.none', { country })}</p>}
                <ul className="list">
                  {lines.map(({ id, text, marking }) => (
                    <li key={id} className="between">
                      <strong>{text}</strong>
                      <span className="row">
                        {marking && <MarkingChips marking={marking} />}
                        <Link className="button main" to="/decisions">
                          {t('home.review')}
                          <span className="hidden"> {text}</span>
                        </Link>
                      </span>
                    </li>
                  ))}
                </ul>
              </Reading>
            )}
          </Card>
          <Card title={t('home.projects')} aside={<Link to="/projects">{t('home.all')}</Link>}>
            <Reading read={latest}>
              {latest.data?.projects.nodes.length === 0 && <p className="quiet">{t('projects.empty')}</p>}
              <ul className="list">
                {latest.data?.projects.nodes.map((project) => (
                  <li key={project.id} className="between">
                    <span>
                      <ProjectLink project={project} /> <Status type="status" value={project.status} />
                      <br />
                      <span className="small quiet">
                        {party(project.owner)} → {party(project.hostCountry)} · {instant(project.revisedAt)}
                      </span>
                    </span>
                    <MarkingChips marking={project.marking} />
                  </li>
                ))}
              </ul>
            </Reading>
          </Card>
        </div>
        <div>
          <Card title={t('home.stocks')}>
            <Reading read={latest}>
              {latest.data?.stockDeclarations.nodes.length === 0 && <p className="quiet">{t('stocks.empty')}</p>}
              <ul className="list">
                {latest.data?.stockDeclarations.nodes.map((stock) => (
                  <li key={stock.id} className="between">
                    <span>
                      {party(stock.country)}: {stock.material} {stock.quantity && tonnes(stock.quantity)}
                    </span>
                    <MarkingChips marking={stock.marking} />
                  </li>
                ))}
              </ul>
            </Reading>
          </Card>
          <Card title={t('home.briefs')}>
            <Reading read={latest}>
              {latest.data?.briefs.nodes.length === 0 && <p className="quiet">{t('briefs.empty')}</p>}
              <ul className="list">
                {latest.data?.briefs.nodes.map((brief) => (
                  <li key={brief.id} className="between">
                    <span>
                      <BriefLink brief={brief} />
                      <br />
                      <span className="small quiet">
                        {party(brief.owner)} · {instant(brief.revisedAt)}
                      </span>
                    </span>
                    <MarkingChips marking={brief.marking} />
                  </li>
                ))}
              </ul>
            </Reading>
          </Card>
        </div>
      </div>
    </Page>
  );
}
