import { randomInt } from 'node:crypto';
import { newId } from '@foundation/eventing';
import type { Person } from '../../acceptance/support/answers.js';
import { approverOf, delegateOf, MEMBERS, SECRETARIAT, type Reader } from './people.js';
import { materialCode, secretTitle } from './vocabulary.js';
import type { Recorded, World } from './world.js';

/** A marking as it is asked for, and who is shut out by more than its audience. */
export type Asked = {
  readonly input: Record<string, unknown>;
  readonly audience: readonly string[];
  readonly closedTo: Recorded['closedTo'];
};

/** What a recipe works with. */
export type Scene = {
  readonly world: World;
  /** Who shall see nothing of it, or all of it. */
  readonly reader: Reader;
  readonly isHidden: boolean;
  /** One of these, as the dice fell; null where there is none. */
  readonly pick: <T>(from: readonly T[]) => T | null;
  /** A marking of this owner that lets in `also`, and hides the record from the reader or shows it. */
  readonly marking: (owner: string, also?: readonly string[]) => Asked;
};

/** A command that will be accepted, and what is to be noted then. */
export type Step = {
  readonly by: Person;
  readonly input: Record<string, unknown>;
  readonly then?: (recordId: string) => void;
};

const TODAY = '2026-06-01';

/** Records on which a scene may act: hidden ones where it hides, the others where it shows. */
const fit = (
  { world, reader, isHidden }: Scene,
  kind: Recorded['kind'],
  when: (record: Recorded) => boolean = () => true,
) =>
  world.records.filter(
    (record) => record.kind === kind && world.isVisible(record, reader) !== isHidden && when(record),
  );

const isOpen = ({ facts }: Recorded): boolean => !facts.has('closed');
const isOfOthers =
  ({ world }: Scene) =>
  ({ owner }: Recorded): boolean =>
    world.actors.includes(owner);

/** The country that owns a project, or its host. */
const onOwn = (
  scene: Scene,
  kind: Recorded['kind'],
  make: (record: Recorded) => Omit<Step, 'by'> & { readonly by?: Person },
  when: (record: Recorded) => boolean = isOpen,
): Step | null => {
  const record = scene.pick(fit(scene, kind, (each) => isOfOthers(scene)(each) && when(each)));
  return record && { by: delegateOf(record.owner), ...make(record) };
};

const note =
  (record: Recorded, ...facts: string[]) =>
  (): void =>
    facts.forEach((each) => record.facts.add(each));

const projectOf = (scene: Scene): { readonly country: string; readonly host: string; readonly asked: Asked } => {
  const { world, pick, marking, reader } = scene;
  const country = pick(world.actors)!;
  const host = pick([...world.actors].filter((each) => each !== reader.country))!;
  return { country, host, asked: marking(country, [host]) };
};

const PROJECT = { stages: ['REFINING'], estimatedCost: { amount: '12.5', currency: 'EUR' }, startsOn: '2026-01-01' };
const STOCK = { form: 'metal', purity: '99', asOf: '2026-01-31' };

const group = (scene: Scene, admits: boolean): { readonly record: Recorded; readonly country: string } | null => {
  const { world, reader, pick, isHidden } = scene;
  // A group whose members do not see each other hides who comes and goes from those in it, too.
  const isFit = (record: Recorded): boolean =>
    record.kind === 'group' &&
    isOfOthers(scene)(record) &&
    (world.isVisible(record, reader) !== isHidden || (isHidden && !record.facts.has('membersVisible')));
  const record = pick(world.records.filter(isFit));
  if (!record) return null;
  const countries = [...world.actors, 'DE', 'IT', 'CA', 'AU'].filter(
    (each) => each !== record.owner && each !== reader.country && record.members.has(each) !== admits,
  );
  const country = pick(countries);
  return country === null ? null : { record, country };
};

/** Two countries other than the reader's. */
const twoOthers = ({ world, pick }: Scene): { readonly one: string; readonly other: string } | null => {
  const one = pick(world.actors)!;
  const other = pick(world.actors.filter((each) => each !== one));
  return other === null ? null : { one, other };
};

/** Two groups of one owner. */
const groupsOfOne = (scene: Scene): { readonly outer: Recorded; readonly inner: Recorded } | null => {
  const groups = scene.isHidden ? fit(scene, 'group', isOfOthers(scene)) : [];
  const outer = scene.pick(groups);
  const inner = scene.pick(groups.filter((each) => each !== outer && each.owner === outer?.owner));
  return outer && inner && { outer, inner };
};

const usesOf = (scene: Scene, step: (record: Recorded) => Step): Step | null => {
  const record = scene.isHidden ? scene.pick(fit(scene, 'useRequest', isOpen)) : null;
  return record && step(record);
};

const emergency = (scene: Scene, step: (record: Recorded) => Step): Step | null => {
  const record = scene.isHidden ? scene.pick(fit(scene, 'emergencyAccess', isOpen)) : null;
  return record && step(record);
};

/**
 * How to give each command of the platform so that it is accepted. A mutation that is not here must be among the
 * exemptions, with the reason.
 */
export const RECIPES: Readonly<Record<string, (scene: Scene) => Step | null>> = {
  registerMaterial: ({ world, reader, isHidden, marking }) => {
    if (reader.party === 'SECRETARIAT') return null;
    const { input, audience, closedTo } = marking('SECRETARIAT');
    const code = materialCode();
    return {
      by: SECRETARIAT,
      input: { code, name: secretTitle(), group: 'minor metals', hsCodes: ['811292'], marking: input },
      then: () => {
        world.add({ kind: 'material', id: code, owner: 'SECRETARIAT', audience, closedTo });
        if (!isHidden && audience.includes('PUBLIC')) world.materials.push(code);
      },
    };
  },
  listMaterial: (scene) => {
    const record = scene.pick(fit(scene, 'material', ({ facts }) => !facts.has('listed')));
    return (
      record && {
        by: SECRETARIAT,
        input: { code: record.id, list: 'EU_CRITICAL', since: '2026-01-01' },
        then: note(record, 'listed'),
      }
    );
  },
  delistMaterial: (scene) => {
    const record = scene.pick(fit(scene, 'material', ({ facts }) => facts.has('listed')));
    return (
      record && {
        by: SECRETARIAT,
        input: { code: record.id, list: 'EU_CRITICAL', on: '2026-02-01', reason: 'No longer' },
        then: () => void record.facts.delete('listed'),
      }
    );
  },
  reportProduction: ({ world, reader, pick, marking }) =>
    reader.party === 'SECRETARIAT'
      ? null
      : {
          by: SECRETARIAT,
          input: {
            material: pick(world.materials),
            country: pick(world.actors),
            year: 2024,
            stage: 'MINING',
            form: secretTitle(),
            quantity: '4711',
            basis: 'ESTIMATED',
            source: secretTitle(),
            marking: marking('SECRETARIAT').input,
          },
        },
  reportWorldProduction: ({ world, reader, pick, marking }) =>
    reader.party === 'SECRETARIAT'
      ? null
      : {
          by: SECRETARIAT,
          input: {
            material: pick(world.materials),
            scope: pick(['WORLD', 'OTHER_COUNTRIES']),
            year: 2024,
            stage: 'MINING',
            form: secretTitle(),
            quantity: '4711',
            excludes: [pick(world.actors)],
            basis: 'ESTIMATED',
            source: secretTitle(),
            marking: marking('SECRETARIAT').input,
          },
        },
  publishStockTotal: ({ world, reader, pick, marking }) =>
    reader.party === 'SECRETARIAT'
      ? null
      : {
          by: SECRETARIAT,
          input: {
            material: pick(world.materials),
            // There is one total for each, so this is one that nobody has asked for yet.
            quarter: `${randomInt(1000, 2000)}-Q${randomInt(1, 5)}`,
            marking: marking('SECRETARIAT').input,
          },
        },
  admitMember: ({ world, reader, isHidden, marking }) => {
    if (reader.party === 'SECRETARIAT' || !isHidden) return null;
    const country = world.countriesLeft.shift();
    if (country === undefined) return null;
    const { input, audience, closedTo } = marking('SECRETARIAT');
    return {
      by: SECRETARIAT,
      input: { country, since: '2026-02-01', marking: input },
      then: () => void world.add({ kind: 'member', id: country, owner: 'SECRETARIAT', audience, closedTo }),
    };
  },
  withdrawMember: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'member', isOpen)) : null;
    return (
      record && { by: SECRETARIAT, input: { country: record.id, reason: secretTitle() }, then: note(record, 'closed') }
    );
  },
  grantRole: ({ world, pick, isHidden }) => {
    if (!isHidden) return null;
    const country = pick(world.actors)!;
    const person = newId();
    return {
      by: delegateOf(country),
      input: { person, role: 'LIAISON' },
      then: () => void world.add({ kind: 'person', id: person, owner: country }),
    };
  },
  revokeRole: (scene) => {
    if (!scene.isHidden) return null;
    const record = scene.pick(
      scene.world.records.filter(({ kind, facts }) => kind === 'person' && !facts.has('revoked')),
    );
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, role: 'LIAISON', reason: secretTitle() },
        then: note(record, 'revoked'),
      }
    );
  },
  grantClearance: (scene) => {
    const record = scene.isHidden ? scene.pick(scene.world.records.filter(({ kind }) => kind === 'person')) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, level: 'SECRET' },
        then: note(record, 'cleared'),
      }
    );
  },
  revokeClearance: (scene) => {
    const isCleared = ({ kind, facts }: Recorded): boolean => kind === 'person' && facts.has('cleared');
    const record = scene.isHidden ? scene.pick(scene.world.records.filter(isCleared)) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { person: record.id, reason: secretTitle() },
        then: () => void record.facts.delete('cleared'),
      }
    );
  },
  grantMandate: (scene) => {
    const pair = twoOthers(scene);
    return (
      pair && {
        by: delegateOf(pair.one),
        input: { delegate: pair.other, subjects: ['PROJECTS'], until: '2999-01-01T00:00:00.000Z' },
        // Granted again to the same country it is the same mandate.
        then: (id) => void scene.world.add({ kind: 'mandate', id, owner: pair.one, audience: [pair.other] }),
      }
    );
  },
  revokeMandate: (scene) =>
    onOwn(scene, 'mandate', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
  grantAuditMandate: ({ world, pick, isHidden }) => {
    if (!isHidden) return null;
    const country = pick(world.actors)!;
    return {
      by: delegateOf(country),
      input: { person: newId(), subjects: ['PROJECTS'], until: '2999-01-01T00:00:00.000Z' },
      then: (id) => void world.add({ kind: 'auditMandate', id, owner: country }),
    };
  },
  revokeAuditMandate: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'auditMandate', isOpen)) : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { id: record.id, reason: secretTitle() },
        then: note(record, 'closed'),
      }
    );
  },
  requestAccess: (scene) => {
    const pair = twoOthers(scene);
    const { reader, isHidden, world, pick } = scene;
    const of = !isHidden && reader.party !== null ? reader.party : pair!.other;
    return {
      by: delegateOf(pair!.one),
      input: { of, subject: secretTitle(), reason: secretTitle(), material: pick(world.materials) },
      then: (id) => void world.add({ kind: 'accessRequest', id, owner: pair!.one, audience: [of] }),
    };
  },
  answerAccessRequest: (scene) => {
    const record = scene.pick(
      fit(scene, 'accessRequest', (each) => isOpen(each) && scene.world.actors.includes(each.audience[0]!)),
    );
    return (
      record && {
        by: delegateOf(record.audience[0]!),
        input: { id: record.id, answer: 'GRANTED', note: secretTitle() },
        then: note(record, 'closed'),
      }
    );
  },
  foundGroup: ({ world, reader, pick, isHidden }) => {
    const owner = pick(world.actors)!;
    const others = world.actors.filter((each) => each !== owner && each !== reader.country);
    const members = [pick(others)!, ...(!isHidden && reader.country ? [reader.country] : [])];
    if (!isHidden && reader.country === null) return null;
    const membersVisible = pick([true, false])!;
    return {
      by: delegateOf(owner),
      input: { name: secretTitle(), purpose: secretTitle(), members, membersVisible },
      then: (id) => {
        const made = world.add({ kind: 'group', id, owner, audience: [id], members: new Set([owner, ...members]) });
        if (membersVisible) made.facts.add('membersVisible');
      },
    };
  },
  admitToGroup: (scene) => {
    const found = group(scene, true);
    return (
      found && {
        by: delegateOf(found.record.owner),
        input: { id: found.record.id, country: found.country },
        then: () => void found.record.members.add(found.country),
      }
    );
  },
  removeFromGroup: (scene) => {
    const found = group(scene, false);
    return (
      found && {
        by: delegateOf(found.record.owner),
        input: { id: found.record.id, country: found.country, reason: secretTitle() },
        then: () => void found.record.members.delete(found.country),
      }
    );
  },
  admitSubgroup: (scene) => {
    const pair = groupsOfOne(scene);
    return (
      pair && {
        by: delegateOf(pair.outer.owner),
        input: { id: pair.outer.id, group: pair.inner.id },
        then: () => pair.inner.members.forEach((each) => pair.outer.members.add(each)),
      }
    );
  },
  removeSubgroup: (scene) => {
    const pair = groupsOfOne(scene);
    return (
      pair && {
        by: delegateOf(pair.outer.owner),
        input: { id: pair.outer.id, group: pair.inner.id, reason: secretTitle() },
      }
    );
  },
  proposeProject: (scene) => {
    const { country, host, asked } = projectOf(scene);
    const { world, pick } = scene;
    return {
      by: delegateOf(country),
      input: {
        ...PROJECT,
        title: secretTitle(),
        materials: [pick(world.materials)],
        hostCountry: host,
        marking: asked.input,
      },
      then: (id) =>
        void world.add({
          kind: 'project',
          id,
          owner: country,
          audience: asked.audience,
          closedTo: asked.closedTo,
          hostCountry: host,
        }),
    };
  },
  reviseProject: (scene) =>
    onOwn(scene, 'project', ({ id }) => ({ input: { id, summary: secretTitle(), reason: secretTitle() } })),
  refuseHostConsent: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({
        by: delegateOf(record.hostCountry!),
        input: { id: record.id, reason: secretTitle() },
        then: () => void record.facts.delete('consent'),
      }),
      (record) => isOpen(record) && !record.facts.has('designated'),
    ),
  giveHostConsent: (scene) =>
    onOwn(scene, 'project', (record) => ({
      by: delegateOf(record.hostCountry!),
      input: { id: record.id, note: secretTitle() },
      then: note(record, 'consent'),
    })),
  endorseProject: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({ by: delegateOf(record.hostCountry!), input: { id: record.id, note: secretTitle() } }),
      (record) => isOpen(record) && record.hostCountry !== record.owner && MEMBERS.includes(record.hostCountry!),
    ),
  designateProject: (scene) =>
    onOwn(
      scene,
      'project',
      (record) => ({ input: { id: record.id, designation: secretTitle() }, then: note(record, 'designated') }),
      (record) => isOpen(record) && record.facts.has('consent'),
    ),
  reportMilestone: (scene) =>
    onOwn(scene, 'project', ({ id }) => ({ input: { id, milestone: secretTitle(), reachedOn: TODAY } })),
  reportDelay: (scene) => onOwn(scene, 'project', ({ id }) => ({ input: { id, reason: secretTitle() } })),
  changeMarking: (scene) => {
    const record = scene.isHidden ? scene.pick(fit(scene, 'project', isOfOthers(scene))) : null;
    if (!record) return null;
    const asked = scene.marking(record.owner, [record.hostCountry!]);
    return {
      by: delegateOf(record.owner),
      input: { kind: 'PROJECT', id: record.id, marking: asked.input, reason: secretTitle() },
      then: () => void Object.assign(record, { audience: asked.audience, closedTo: asked.closedTo }),
    };
  },
  writeBrief: (scene) => {
    const source = scene.pick(fit(scene, 'project', isOfOthers(scene)));
    if (!source) return null;
    return {
      by: delegateOf(source.owner),
      input: {
        title: secretTitle(),
        text: secretTitle(),
        sources: [{ kind: 'PROJECT', id: source.id }],
        ...(!scene.isHidden && { marking: { releaseTo: source.audience } }),
      },
      then: (id) =>
        void scene.world.add({
          kind: 'brief',
          id,
          owner: source.owner,
          audience: scene.isHidden ? [] : source.audience,
        }),
    };
  },
  reviseBrief: (scene) => {
    const source = scene.pick(fit(scene, 'project', isOfOthers(scene)));
    if (!source) return null;
    return onOwn(
      scene,
      'brief',
      ({ id }) => ({
        input: { id, title: secretTitle(), text: secretTitle(), sources: [{ kind: 'PROJECT', id: source.id }] },
      }),
      (record) => isOpen(record) && record.owner === source.owner && scene.isHidden,
    );
  },
  requestUse: (scene) => {
    const { world, isHidden, pick } = scene;
    const source = isHidden
      ? pick(fit(scene, 'project', (each) => isOfOthers(scene)(each) && each.owner !== each.hostCountry))
      : null;
    return (
      source && {
        by: delegateOf(source.hostCountry!),
        input: { source: { kind: 'PROJECT', id: source.id }, purpose: 'QUOTE', explanation: secretTitle() },
        then: (id) => void world.add({ kind: 'useRequest', id, owner: source.hostCountry!, audience: [source.owner] }),
      }
    );
  },
  approveUse: (scene) => usesOf(scene, (record) => ({ by: delegateOf(record.audience[0]!), input: { id: record.id } })),
  refuseUse: (scene) =>
    usesOf(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id, reason: secretTitle() },
    })),
  withdrawUse: (scene) =>
    usesOf(scene, (record) => ({
      by: delegateOf(record.owner),
      input: { id: record.id },
      then: note(record, 'closed'),
    })),
  requestEmergencyAccess: (scene) => {
    const { world, reader, isHidden, pick } = scene;
    const record = isHidden && reader.party !== 'SECRETARIAT' ? pick(fit(scene, 'project', isOfOthers(scene))) : null;
    const approver = pick(world.actors.filter((each) => MEMBERS.includes(each)));
    return record && approver
      ? {
          by: SECRETARIAT,
          input: { record: record.id, approver, reason: secretTitle() },
          then: (id) =>
            void world.add({ kind: 'emergencyAccess', id, owner: 'SECRETARIAT', audience: [approver, record.owner] }),
        }
      : null;
  },
  approveEmergencyAccess: (scene) =>
    emergency(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id },
      then: note(record, 'decided'),
    })),
  refuseEmergencyAccess: (scene) =>
    emergency(scene, (record) => ({
      by: delegateOf(record.audience[0]!),
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
  pledgeInvestment: (scene) => {
    const { world, reader, pick, isHidden, marking } = scene;
    const project = pick(
      world.records.filter(
        (record) => record.kind === 'project' && isOpen(record) && (isHidden || world.isVisible(record, reader)),
      ),
    );
    if (!project) return null;
    const country = pick(world.actors.filter((each) => world.isVisible(project, world.asReader(each))));
    if (country === null) return null;
    // A part of what is hidden may be released to everybody: it is shown with its whole only.
    const isWithinHidden = !world.isVisible(project, reader);
    const asked = isWithinHidden
      ? { input: { releaseTo: ['PUBLIC'] }, audience: ['PUBLIC'], closedTo: () => false }
      : marking(country);
    return {
      by: delegateOf(country),
      input: {
        projectId: project.id,
        kind: 'LOAN',
        amount: '1000',
        currency: pick(['EUR', 'USD']),
        conditions: secretTitle(),
        marking: asked.input,
      },
      then: (id) =>
        void world.add({
          kind: 'pledge',
          id,
          owner: country,
          audience: asked.audience,
          closedTo: asked.closedTo,
          within: project,
        }),
    };
  },
  confirmPledge: (scene) =>
    onOwn(
      scene,
      'pledge',
      (record) => ({ by: approverOf(record.owner), input: { id: record.id }, then: note(record, 'confirmed') }),
      ({ facts }) => facts.size === 0,
    ),
  drawDownPledge: (scene) =>
    onOwn(
      scene,
      'pledge',
      ({ id }) => ({ input: { id, amount: '0.5', on: TODAY, note: secretTitle() } }),
      ({ facts }) => facts.has('confirmed') && !facts.has('closed'),
    ),
  withdrawPledge: (scene) =>
    onOwn(scene, 'pledge', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
  declareStock: ({ world, pick, marking }) => {
    const country = pick(world.actors)!;
    const { input, audience, closedTo } = marking(country);
    return {
      by: delegateOf(country),
      input: { ...STOCK, material: pick(world.materials), quantity: '4711', note: secretTitle(), marking: input },
      then: (id) =>
        void world.add({ kind: 'stockDeclaration', id, owner: country, audience, closedTo }).facts.add('pending'),
    };
  },
  approveDeclaration: (scene) => {
    const { world, reader, isHidden, pick } = scene;
    const wouldShow = (record: Recorded): boolean =>
      world.isVisible({ ...record, facts: new Set([...record.facts, 'released']) }, reader);
    const record = pick(
      world.records.filter(
        (each) =>
          each.kind === 'stockDeclaration' && isOpen(each) && each.facts.has('pending') && wouldShow(each) !== isHidden,
      ),
    );
    return (
      record && {
        by: approverOf(record.owner),
        input: { id: record.id },
        then: () => {
          record.facts.add('released').delete('pending');
        },
      }
    );
  },
  correctDeclaration: (scene) => {
    const { world, pick, isHidden } = scene;
    if (!isHidden) return null;
    // That a correction waits is nobody's business but the owner's, whoever sees the declaration.
    const record = pick(
      world.records.filter((each) => each.kind === 'stockDeclaration' && isOpen(each) && !each.facts.has('refused')),
    );
    return (
      record && {
        by: delegateOf(record.owner),
        input: { id: record.id, quantity: `${Date.now()}`, reason: secretTitle() },
        then: note(record, 'pending'),
      }
    );
  },
  refuseDeclaration: ({ world, pick, marking }) => {
    const country = pick(world.actors)!;
    const { input, audience, closedTo } = marking(country);
    return {
      by: delegateOf(country),
      input: { material: pick(world.materials), reason: secretTitle(), marking: input },
      then: (id) => {
        const made = world.add({ kind: 'stockDeclaration', id, owner: country, audience, closedTo });
        note(made, 'released', 'refused')();
      },
    };
  },
  withdrawDeclaration: (scene) =>
    onOwn(scene, 'stockDeclaration', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
  withdrawBrief: (scene) =>
    onOwn(scene, 'brief', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
  requestErasure: (scene) => {
    const record = scene.isHidden
      ? scene.pick(fit(scene, 'project', (each) => isOfOthers(scene)(each) && isOpen(each)))
      : null;
    return (
      record && {
        by: delegateOf(record.owner),
        input: { kind: 'PROJECT', id: record.id, basis: 'A law' },
        then: note(record, 'erasureAsked'),
      }
    );
  },
  approveErasure: (scene) => {
    const isAsked = ({ facts }: Recorded): boolean => facts.has('erasureAsked') && !facts.has('closed');
    const record = scene.isHidden ? scene.pick(fit(scene, 'project', isAsked)) : null;
    return (
      record && {
        by: approverOf(record.owner),
        input: { kind: 'PROJECT', id: record.id },
        then: note(record, 'closed'),
      }
    );
  },
  completeProject: (scene) =>
    onOwn(scene, 'project', (record) => ({ input: { id: record.id, on: TODAY }, then: note(record, 'closed') })),
  withdrawProject: (scene) =>
    onOwn(scene, 'project', (record) => ({
      input: { id: record.id, reason: secretTitle() },
      then: note(record, 'closed'),
    })),
};

/** Mutations that no hidden side gives, each with the reason. */
export const EXEMPT: Readonly<Record<string, string>> = {
  registerKey: 'keys are public: everybody checks signatures with them',
  revokeKey: 'keys are public: everybody checks signatures with them',
  demandSignatures: 'binds every command that its party gives from then on, and these worlds sign none',
  acknowledgeRecall: 'needs a notice to somebody who had read before: stands in the attack cases of sharing',
};

/** Mutations that readers are not asked to give, each with the reason. */
export const UNASKED: Readonly<Record<string, string>> = {
  demandSignatures: 'from then on every other command of a reader, who signs none, would be refused for that alone',
};

/** Subscriptions of which not every reader can be made to hear, each with the reason. */
export const UNHEARD: Readonly<Record<string, string>> = {
  accessRequestChanged: 'between the two parties: a reader of no party has none',
  useRequestChanged: 'between the two parties: a reader of no party has none',
  recallChanged: 'comes to whoever had read and may not any more: stands in the attack cases of sharing',
  briefChanged: 'a brief goes no further than its sources, which not every reader is released',
};

type Way = (reader: Reader) => { readonly input: object; readonly closedTo: Recorded['closedTo'] } | null;

/**
 * How a record that is released to everybody is hidden all the same, by the field of a marking that does it; null for
 * whom it does not hide from. A field of a marking that is neither here nor said to hide nothing fails the test.
 */
export const WAYS_OF_HIDING: Readonly<Record<string, Way>> = {
  denyTo: ({ country }) =>
    country === null ? null : { input: { denyTo: [country] }, closedTo: (other) => other.country === country },
  level: () => ({ input: { level: 'SECRET' }, closedTo: () => true }),
  embargoUntil: () => ({ input: { embargoUntil: '2999-01-01T00:00:00.000Z' }, closedTo: () => true }),
  aggregateOnly: () => ({ input: { aggregateOnly: true }, closedTo: () => true }),
};

export const HIDES_NOTHING: Readonly<Record<string, string>> = {
  owner: 'the party that writes, and no other',
  releaseTo: 'is itself the audience, which every hidden record chooses',
  handling: 'says how readers may pass a record on, not who reads it',
  displayOnlyTo: 'lets in, for looking only',
  needToKnow: 'names groups of the writer: hidden records of this kind stand in the attack cases',
  originatorControl: 'says what may be derived from a record, not who reads it',
  expiresAt: 'hides what has been visible: stands in the attack cases',
};
