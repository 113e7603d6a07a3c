import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadModels, rejection, type CommandRejected } from '@foundation/eventing';
import { shownBy, shownMarking } from '@foundation/graphql';
import {
  audienceName,
  completedMarking,
  NATIONAL_ROLES,
  partyOf,
  reject,
  SECRETARIAT,
  unfitMarking,
  type AnyView,
  type Audience,
  type GroupAudience,
  type Instant,
  type Marked,
  type Marking,
  type MarkingRequest,
  type Principal,
} from '@kernel';
import { readingsView } from '../reading/readings.view.js';
import { groupsIn, reachOf, type KnownParty, type Reach } from './reach.rule.js';

const MAX_READINGS = 1000;

/** The parties that the registers know, as far as somebody may know them. */
export abstract class Parties {
  /**
   * @param marking whose owner, and the countries that it names, are among them
   * @returns with each party the groups that the asker may know it to be in, and the groups named by the marking that
   * may have members whom the asker may not know
   */
  abstract knownTo(
    who: Principal,
    marking: Marking,
  ): Promise<{ readonly parties: readonly KnownParty[]; readonly unresolved: readonly GroupAudience[] }>;
}

type Preview = Awaited<ReturnType<typeof previewOf>>;

/** Who would see a record under a marking, as a command would ask for it; or why that would be rejected. */
export class PreviewAudienceQuery extends Query<Preview | CommandRejected> {
  constructor(
    readonly asked: MarkingRequest,
    readonly who: Principal,
    readonly now: Instant,
  ) {
    super();
  }
}

@QueryHandler(PreviewAudienceQuery)
class PreviewAudienceHandler implements IQueryHandler<PreviewAudienceQuery> {
  constructor(private readonly parties: Parties) {}

  async execute({ asked, who, now }: PreviewAudienceQuery) {
    const party = partyOf(who);
    if (party === null) return rejection(reject('ACCESS.DENIED'));
    const marking = completedMarking(asked, party);
    const unfit = unfitMarking(asked, marking, who, null);
    return unfit ? rejection(unfit) : await previewOf(this.parties, marking, who, now);
  }
}

type AudienceNow = Preview & { readonly marking: object; readonly readings: readonly object[] };

/** Who may see a record of the asker's party now, and who has; null where it is absent or not theirs. */
export class AudienceOfQuery extends Query<AudienceNow | null> {
  /** @param views of its capability: one of them has its row */
  constructor(
    readonly views: readonly AnyView[],
    readonly id: string,
    readonly who: Principal,
    readonly now: Instant,
  ) {
    super();
  }
}

@QueryHandler(AudienceOfQuery)
class AudienceOfHandler implements IQueryHandler<AudienceOfQuery> {
  constructor(
    private readonly reads: ReadModels,
    private readonly parties: Parties,
  ) {}

  async execute({ views, id, who, now }: AudienceOfQuery) {
    for (const view of views) {
      const row = (await this.reads.find<Marked>(view, who, [id])).get(id);
      if (!row) continue;
      if (who.mandate !== null || row.marking.owner !== partyOf(who)) return null;
      const readings = await this.reads.list(readingsView, who, { record: [id] }, MAX_READINGS);
      return {
        ...(await previewOf(this.parties, row.marking, who, now)),
        marking: shownMarking(row.marking, who, now),
        readings: readings.map(({ row: reading, key }) => showReading(reading, who, now, key)),
      };
    }
    return null;
  }
}

export const audienceHandlers = [PreviewAudienceHandler, AudienceOfHandler];

const showReading = shownBy(readingsView);

async function previewOf(parties: Parties, marking: Marking, who: Principal, now: Instant) {
  const { parties: known, unresolved } = await parties.knownTo(who, marking);
  const shown = known.map(({ party, isMember, audiences }) => ({
    party,
    isMember,
    roles: party === SECRETARIAT ? [SECRETARIAT] : NATIONAL_ROLES,
    ...toReach(reachOf(marking, audiences, unresolved, now)),
  }));
  const persons = [...marking.releaseTo, ...(marking.displayOnlyTo ?? [])].filter((one) => one.startsWith('person:'));
  const others = [...groupsIn(marking), ...persons, 'PUBLIC' as const].map((one: Audience) => ({
    audience: audienceName(one),
    isResolved: one.startsWith('group:') && !unresolved.includes(one as GroupAudience),
    ...toReach(
      reachOf(
        marking,
        ['PUBLIC', one],
        unresolved.filter((each) => each !== one),
        now,
      ),
    ),
  }));
  return {
    level: marking.level ?? 'OPEN',
    embargoUntil: marking.embargoUntil,
    expiresAt: marking.expiresAt,
    readers: shown.filter(({ verdict }) => verdict === 'READS' || verdict === 'DISPLAY_ONLY').length,
    parties: shown,
    others,
  };
}

const toReach = ({ verdict, because, deniedBy, lacks }: Reach) => ({
  verdict,
  because: because.map(audienceName),
  deniedBy: deniedBy.map(audienceName),
  lacks: lacks.map(audienceName),
});
