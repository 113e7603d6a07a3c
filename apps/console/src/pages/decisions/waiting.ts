import { waitingQuery } from '../../documents/desk.documents.ts';
import type { ResultOf } from '../../platform/graphql.ts';
import { useAsk } from '../../platform/use-ask.ts';
import { has, useMe, type Me } from '../../session/session.ts';

export type Waiting = ResultOf<typeof waitingQuery>;

/** What may wait for somebody in this capacity, by its kind; what cannot wait for them is left out. */
export const waitingFor = (answer: Waiting | undefined, me: Me | undefined) => {
  const { country = null, person = '' } = me ?? {};
  const of = <K extends keyof Waiting>(kind: K, isTheirs: boolean): Waiting[K]['nodes'] =>
    (isTheirs ? (answer?.[kind].nodes ?? []) : []) as Waiting[K]['nodes'];
  const [approves, delegates] = [has(me, 'APPROVER'), has(me, 'DELEGATE')];
  const stocks = of('stockDeclarations', country !== null).filter(
    (each) => each.country === country && (each.status === 'PENDING' || each.pendingCorrection !== null),
  );
  return {
    stocks: approves || delegates || has(me, 'LIAISON') ? stocks : [],
    pledges: of('pledges', approves && country !== null),
    consents: of('projects', delegates && country !== null).filter(({ consent }) => consent === null),
    uses: of('useRequests', delegates),
    requests: of('accessRequests', delegates),
    recalls: of('recalls', country !== null),
    acts: of('acts', true).map((act) => ({ ...act, isOwn: act.preparedBy === person })),
  };
};

/** All decisions that wait, in one request. */
export const useWaiting = () => {
  const me = useMe().data?.me;
  const country = me?.country ?? '';
  const read = useAsk(
    waitingQuery,
    {
      stocks: { country: [country], status: ['PENDING', 'APPROVED'] },
      pledges: { country: [country], status: ['PLEDGED'] },
      projects: { hostCountry: [country], status: ['PROPOSED'] },
      uses: { owner: [country || 'SECRETARIAT'], status: ['REQUESTED'] },
      requests: { of: [country || 'SECRETARIAT'], status: ['ASKED'] },
      recalls: { acknowledged: false, reader: [country] },
    },
    {
      kinds: ['stockDeclaration', 'pledge', 'project', 'useRequest', 'accessRequest', 'recall', 'act'],
      enabled: me !== undefined && me.country !== null,
    },
  );
  const waiting = waitingFor(read.data, me);
  const count = Object.values(waiting).reduce((sum, each) => sum + each.length, 0);
  return { read, waiting, count, me };
};
