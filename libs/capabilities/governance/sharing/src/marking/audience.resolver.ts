import { Args, createUnionType, ID, Query, Resolver } from '@nestjs/graphql';
import { ReadModels, rejection } from '@foundation/eventing';
import {
  CommandRejectedType,
  enumTypeOf,
  FromCaller,
  type Caller,
  MarkingInput,
  shownMarking,
  toMarkingRequest,
  objectTypeOf,
  problemsOf,
  shownBy,
} from '@foundation/graphql';
import {
  audienceName,
  completedMarking,
  NATIONAL_ROLES,
  partyOf,
  reject,
  SECRETARIAT,
  unfitMarking,
  type Audience,
  type GroupAudience,
  type Instant,
  type Marked,
  type Marking,
  type Principal,
} from '@kernel';
import type { Type } from '@nestjs/common';
import { readingsView } from '../reading/readings.view.js';
import { audiencePreview, recordAudience } from './audience.view.js';
import { groupsIn, reachOf, type KnownParty, type Reach } from './reach.rule.js';
import type { RecordKinds } from './record-kind.resolver.js';

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

const PreviewType = objectTypeOf(
  'AudiencePreview',
  'Who would see a record under a marking, and why.',
  audiencePreview,
);
const RecordAudienceType = objectTypeOf(
  'RecordAudience',
  'Who may see a record of yours, why, and who has.',
  recordAudience,
);
const Outcome = createUnionType({
  name: 'AudiencePreviewOutcome',
  description: 'Who would see a record, or why the marking would be refused.',
  types: () => [PreviewType, CommandRejectedType] as const,
  resolveType: (given: object) => ('code' in given ? CommandRejectedType : PreviewType),
});
const showReading = shownBy(readingsView);

/** Who may see what, for its owner. */
export const audienceResolverOf = (kinds: RecordKinds): Type => {
  const RecordKindEnum = enumTypeOf(kinds.choice);
  @Resolver()
  class AudienceResolver {
    constructor(
      private readonly reads: ReadModels,
      private readonly parties: Parties,
    ) {}

    @Query(() => Outcome, {
      description:
        'Who would see a record of yours under this marking, and why: before you submit it. Members of a group are told as far as you may know them.',
    })
    async previewAudience(
      @Args('marking', { description: 'The marking, as a command would ask for it.' }) given: MarkingInput,
      @FromCaller() caller: Caller,
    ) {
      const { who } = caller;
      const { input, problems } = await problemsOf(MarkingInput, given);
      const [field] = Object.keys(problems);
      if (field !== undefined)
        return { code: 'INPUT.INVALID', message: problems[field], details: { field, ...problems } };
      const party = partyOf(who);
      if (party === null) return rejection(reject('ACCESS.DENIED'));
      const asked = toMarkingRequest(input) ?? {};
      const marking = completedMarking(asked, party);
      const unfit = unfitMarking(asked, marking, who, null);
      return unfit ? rejection(unfit) : await this.preview(marking, who);
    }

    @Query(() => RecordAudienceType, {
      nullable: true,
      description: 'Who may see a record of your country now, why, and who has. Null where it is absent or not yours.',
    })
    async audienceOf(
      @Args('kind', { type: () => RecordKindEnum, description: 'What kind of record it is.' }) kind: string,
      @Args('id', { type: () => ID, description: 'Id of the record.' }) id: string,
      @FromCaller() caller: Caller,
    ) {
      const { who } = caller;
      for (const view of kinds.of(kind).capability.views) {
        const row = (await this.reads.find<Marked>(view, who, [id])).get(id);
        if (!row) continue;
        if (who.mandate !== null || row.marking.owner !== partyOf(who)) return null;
        const readings = await this.reads.list(readingsView, who, { record: [id] }, MAX_READINGS);
        return {
          ...(await this.preview(row.marking, who)),
          marking: shownMarking(row.marking, who),
          readings: readings.map(({ row: reading }) => showReading(reading, who)),
        };
      }
      return null;
    }

    async preview(marking: Marking, who: Principal) {
      const { parties, unresolved } = await this.parties.knownTo(who, marking);
      const now = new Date().toISOString() as Instant;
      const shown = parties.map(({ party, isMember, audiences }) => ({
        party,
        isMember,
        roles: party === SECRETARIAT ? [SECRETARIAT] : NATIONAL_ROLES,
        ...toReach(reachOf(marking, audiences, unresolved, now)),
      }));
      const persons = [...marking.releaseTo, ...(marking.displayOnlyTo ?? [])].filter((one) =>
        one.startsWith('person:'),
      );
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
  }
  return AudienceResolver;
};

const toReach = ({ verdict, because, deniedBy, lacks }: Reach) => ({
  verdict,
  because: because.map(audienceName),
  deniedBy: deniedBy.map(audienceName),
  lacks: lacks.map(audienceName),
});
