import { randomUUID } from 'node:crypto';
import type { Claims } from './claims.js';
import type { Stage } from './stage.js';

/** The records of the story, for those who look at it afterwards. */
export type Story = {
  readonly gallium: string;
  readonly rareEarths: string;
  readonly grant: string;
  readonly guarantee: string;
  readonly loan: string;
  readonly stock: string;
  readonly refusedStock: string;
};

const TODAY = new Date().toISOString().slice(0, 10);

/**
 * Five countries and one project. The European Union proposes to recover gallium in Kazakhstan, with Japan and the
 * United States; Australia is a member of the alliance and not of this group; Kazakhstan is the host and no member.
 */
export const play = async (stage: Stage, claims: Claims): Promise<Story> => {
  stage.chapter('The alliance');
  for (const [country, since, profile] of MEMBERS) {
    await stage.does('SECRETARIAT', `admits ${country}`, 'admitMember', { country, since, profile });
  }
  const { recordId: group } = await stage.does(
    'EU DELEGATE',
    'founds the group "Gallium partners" with JP and US',
    'foundGroup',
    {
      name: 'Gallium partners',
      purpose: 'Gallium for the three of us (a story).',
      members: ['JP', 'US'],
      membersVisible: true,
    },
  );

  stage.chapter('A project in another country');
  const proposal = {
    commandId: randomUUID(),
    title: 'Gallium from alumina liquor, Pavlodar (fictional)',
    summary: 'Fictional: recovers gallium from the liquor of an alumina refinery.',
    materials: ['gallium'],
    stages: ['REFINING'],
    hostCountry: 'KZ',
    location: 'Pavlodar',
    startsOn: '2026-09-01',
    endsOn: '2029-12-31',
    estimatedCost: { amount: '95000000', currency: 'EUR' },
    expectedOutput: { quantity: '15' },
    marking: { releaseTo: [group, 'KZ'] },
  };
  const proposed = await stage.does(
    'EU LIAISON',
    'proposes the gallium project, released to the group and to KZ',
    'proposeProject',
    proposal,
  );
  const gallium = proposed.recordId;
  const again = await stage.does(
    'EU LIAISON',
    'sends the same command again, as after a broken line',
    'proposeProject',
    proposal,
  );
  claims.hold('a command sent twice is answered as the first time', again, proposed);
  await stage.mayNot(
    'EU LIAISON',
    'sends another proposal under the same command id',
    'COMMAND.ID_REUSED',
    'proposeProject',
    { ...proposal, title: 'Another' },
  );
  const { commandId: _, ...another } = proposal;
  await stage.mayNot('JP LIAISON', 'proposes a project in the name of EU', 'ACCESS.DENIED', 'proposeProject', {
    ...another,
    country: 'EU',
    marking: null,
  });
  await stage.mayNot('EU DELEGATE', 'designates it at once', 'PROJECTS.HOST_CONSENT_MISSING', 'designateProject', {
    id: gallium,
  });
  await stage.mayNot('US DELEGATE', 'gives the consent of the host', 'ACCESS.DENIED', 'giveHostConsent', {
    id: gallium,
  });
  const hidden = await stage.mayNot(
    'AU DELEGATE',
    'endorses it, having got hold of its id',
    'PROJECTS.NOT_FOUND',
    'endorseProject',
    { id: gallium },
  );
  const absent = await stage.mayNot(
    'AU DELEGATE',
    'endorses a project that does not exist',
    'PROJECTS.NOT_FOUND',
    'endorseProject',
    { id: randomUUID() },
  );
  claims.hold('hidden and absent are one answer, byte for byte', JSON.stringify(hidden), JSON.stringify(absent));
  await stage.does('KZ DELEGATE', 'gives the consent of the host', 'giveHostConsent', {
    id: gallium,
    note: 'Subject to the usual permits.',
  });
  await stage.does('JP DELEGATE', 'endorses it', 'endorseProject', { id: gallium });
  await stage.does('US DELEGATE', 'endorses it', 'endorseProject', { id: gallium });
  await stage.does('EU DELEGATE', 'designates it', 'designateProject', {
    id: gallium,
    designation: 'Joint project (fictional)',
  });

  stage.chapter('Money');
  const { recordId: grant } = await stage.does(
    'EU DELEGATE',
    'pledges a grant of 40 million EUR, released to the group and to KZ',
    'pledgeInvestment',
    {
      projectId: gallium,
      ...{ kind: 'GRANT', amount: '40000000', currency: 'EUR' },
      marking: { releaseTo: [group, 'KZ'] },
    },
  );
  const { recordId: guarantee } = await stage.does(
    'US DELEGATE',
    'pledges a guarantee of 25 million USD, released to the group',
    'pledgeInvestment',
    {
      projectId: gallium,
      ...{ kind: 'GUARANTEE', amount: '25000000', currency: 'USD' },
      marking: { releaseTo: [group] },
    },
  );
  const { recordId: loan } = await stage.does(
    'JP DELEGATE+APPROVER',
    'pledges a loan of 6 billion JPY, released to EU alone',
    'pledgeInvestment',
    {
      projectId: gallium,
      ...{
        kind: 'LOAN',
        amount: '6000000000',
        currency: 'JPY',
        conditions: 'Offtake of a third of the output (fictional).',
      },
      marking: { releaseTo: ['EU'] },
    },
  );
  await stage.mayNot(
    'JP DELEGATE+APPROVER',
    'confirms what the same person pledged',
    'PLEDGES.SAME_PERSON',
    'confirmPledge',
    { id: loan },
  );
  await stage.does('JP APPROVER 2', 'confirms it, as the second person', 'confirmPledge', { id: loan });
  await stage.mayNot(
    'US DELEGATE',
    'draws on a pledge that nobody has confirmed',
    'PLEDGES.NOT_CONFIRMED',
    'drawDownPledge',
    { id: guarantee, amount: '1000000', on: TODAY },
  );
  await stage.mayNot(
    'AU DELEGATE',
    'pledges to the project that it cannot see',
    'PROJECTS.NOT_FOUND',
    'pledgeInvestment',
    {
      projectId: gallium,
      ...{ kind: 'EQUITY', amount: '1000000', currency: 'AUD' },
    },
  );
  await stage.does('EU APPROVER', 'confirms the grant', 'confirmPledge', { id: grant });
  await stage.does('EU DELEGATE', 'draws down 15 million EUR of it', 'drawDownPledge', {
    id: grant,
    amount: '15000000',
    on: TODAY,
  });
  await stage.mayNot(
    'EU DELEGATE',
    'draws down 30 million more than there is',
    'PLEDGES.EXCEEDS_PLEDGE',
    'drawDownPledge',
    { id: grant, amount: '30000000', on: TODAY },
  );

  stage.chapter('Stocks (fictional figures: no real national level is public)');
  const { recordId: stock } = await stage.does(
    'JP LIAISON+APPROVER',
    'declares 12.5 t of gallium, for the group once approved',
    'declareStock',
    {
      material: 'gallium',
      ...{
        form: 'metal',
        purity: '99.9999',
        quantity: '12.5',
        shareOfAnnualConsumption: '8',
        asOf: TODAY,
        note: 'A fictional figure.',
      },
      marking: { releaseTo: [group] },
    },
  );
  await stage.mayNot(
    'JP LIAISON+APPROVER',
    'approves what the same person declared',
    'STOCKPILES.SAME_PERSON',
    'approveDeclaration',
    { id: stock },
  );
  await stage.does('JP APPROVER 2', 'approves it, as the second person', 'approveDeclaration', { id: stock });
  const { recordId: refusedStock } = await stage.does(
    'AU DELEGATE',
    'declines to declare rare earths, and tells the members',
    'refuseDeclaration',
    {
      material: 'rare-earth-elements',
      reason: 'No stock is held by the state (fictional).',
      marking: { releaseTo: ['MEMBERS'] },
    },
  );

  stage.chapter('A project for all members');
  const { recordId: rareEarths } = await stage.does(
    'AU LIAISON',
    'proposes a rare earth project, released to all members',
    'proposeProject',
    {
      title: 'Heavy rare earth separation, Western Australia (fictional)',
      materials: ['heavy-rare-earth-elements'],
      stages: ['REFINING', 'PROCESSING'],
      hostCountry: 'AU',
      marking: { releaseTo: ['MEMBERS'] },
    },
  );
  return { gallium, rareEarths, grant, guarantee, loan, stock, refusedStock };
};

const MEMBERS = [
  ['EU', '2025-01-15', ['REFINER', 'CONSUMER']],
  ['US', '2025-01-15', ['PRODUCER', 'CONSUMER']],
  ['JP', '2025-03-01', ['REFINER', 'CONSUMER']],
  ['AU', '2025-03-01', ['PRODUCER']],
] as const;
