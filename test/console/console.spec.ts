import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { chromiumHere, Desk } from './support/desk.js';

const isHere = chromiumHere() !== null;
if (!isHere) console.warn('The console is not tried here: there is no Chromium (apt-get install -y chromium).');

const TITLE = 'Gallium recovery, Pavlodar';
let platform: RunningPlatform;
const desks = new Map<string, Desk>();

/** Somebody's desk; they sign in when they first come to it. */
const at = async (person: string): Promise<Desk> => {
  const known = desks.get(person);
  if (known) return known;
  const desk = await Desk.open(platform.graphql);
  desks.set(person, desk);
  await desk.signIn(person);
  return desk;
};
const does = async (country: string | null, role: string, mutation: string, input: object): Promise<string> => {
  const outcome = await platform.as(country, role).command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation}: ${outcome.code} ${outcome.message}`);
  return outcome.recordId;
};

(isHere ? describe : describe.skip)('The console', () => {
  beforeAll(async () => {
    platform = await startPlatform();
    expect(platform).toHaveProperty('graphql');
    for (const country of ['JP', 'EU', 'US'])
      await does(null, 'SECRETARIAT', 'admitMember', { country, since: '2026-01-01' });
    const material = { code: 'gallium', name: 'Gallium', group: 'Technology metals', hsCodes: ['811292'] };
    await does(null, 'SECRETARIAT', 'registerMaterial', material);
    for (const [country, quantity] of [
      ['CN', '750'],
      ['JP', '3'],
    ])
      await does(null, 'SECRETARIAT', 'reportProduction', {
        ...{ material: 'gallium', country, quantity, stage: 'REFINING', year: 2024 },
        ...{ basis: 'REPORTED', source: 'made up for this test' },
      });
  });
  afterAll(async () => {
    for (const desk of desks.values()) await desk.close();
  });

  it('asks whoever has not signed in to do so, and comes back to the page that was asked for', async () => {
    const desk = await Desk.open(platform.graphql);
    desks.set('EU.DELEGATE.1', desk);
    await desk.signIn('EU.DELEGATE.1', '/projects?status=PROPOSED');
    await desk.heading('Projects').waitFor();
    expect(new URL(desk.page.url()).search).toBe('?status=PROPOSED');
    expect(await desk.page.getByLabel('Status').inputValue()).toBe('PROPOSED');
  });

  it('says at each field what is wrong, and leads there', async () => {
    const { page } = await at('EU.DELEGATE.1');
    await page.getByRole('link', { name: 'Propose a project' }).click();
    await page.getByRole('button', { name: 'Propose', exact: true }).click();
    const problem = page.getByRole('alert');
    await problem.getByRole('heading', { name: 'There is a problem' }).waitFor();
    expect(await problem.evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await page.title()).toMatch(/^Error: /);
    await problem.getByRole('link').first().click();
    expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/^field-/);
  });

  it('shows who will see a project before it is proposed, and records it once though no answer came', async () => {
    const desk = await at('EU.DELEGATE.1');
    const { page } = desk;
    await page.getByLabel('Title').fill(TITLE);
    await page.getByLabel('Materials').selectOption('gallium');
    await page.getByLabel('Refining').check();
    await page.getByLabel('Host country').selectOption('KZ');
    const preview = page.getByRole('region', { name: 'Who will see it' });
    await preview.getByText('1 party of').waitFor();
    await page.getByLabel('Released to').selectOption('KZ');
    await page.getByLabel('Released to').selectOption('JP');
    await preview.getByText('3 parties of').waitFor();
    await preview.getByText('Japan', { exact: true }).waitFor();
    expect(await desk.barriers()).toEqual([]);

    // The command arrives, and its answer does not.
    await page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('proposeProject')) return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Propose', exact: true }).click();
    await page.getByText('It is not known whether this was recorded').waitFor();
    expect(await page.getByLabel('Title').isDisabled()).toBe(true);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Send again' }).click();
    await desk.heading(TITLE).waitFor();
    await desk.go('/projects', 'Projects');
    await page.getByText('1 project that you may see').waitFor();
  });

  it('keeps it from everybody else: in lists, by address, in the tab, and in the decisions of other countries', async () => {
    const [japan, america] = [await at('JP.DELEGATE.1'), await at('US.DELEGATE.1')];
    await japan.go('/projects', 'Projects');
    await japan.page.getByRole('link', { name: TITLE }).click();
    await japan.heading(TITLE).waitFor();
    const address = new URL(japan.page.url()).pathname;
    expect(await japan.page.title()).toBe('Project · Lodestone');
    expect(await japan.page.getByRole('region', { name: 'Classification' }).textContent()).toContain('TLP:AMBER');
    await america.go('/projects', 'Projects');
    await america.page.getByText('No project fits that you may see.').waitFor();
    await america.go(address, 'There is nothing here');
    const absent = await america.page.getByRole('main').textContent();
    await america.go(address.replace(/[0-9a-f]{8}/, '00000000'), 'There is nothing here');
    expect(await america.page.getByRole('main').textContent()).toBe(absent);
    expect(await america.page.content()).not.toContain('Pavlodar');
  });

  it('brings the host’s consent to the project’s owner without a reload', async () => {
    const [owner, host] = [await at('EU.DELEGATE.1'), await at('KZ.DELEGATE.1')];
    await owner.page.getByRole('link', { name: TITLE }).click();
    await owner.page.getByText('Host consent of Kazakhstan is missing').waitFor();
    await host.go('/decisions', 'Decisions');
    await host.page.getByRole('button', { name: 'Give consent' }).click();
    await owner.page.getByText('Host consent: Kazakhstan').waitFor();
  });

  it('lets a second person approve a stock over the difference, and nobody see it before', async () => {
    const [declarer, approver, partner] = [
      await at('JP.DELEGATE.1'),
      await at('JP.APPROVER.1'),
      await at('US.DELEGATE.1'),
    ];
    const { page } = declarer;
    await declarer.go('/stocks/declare', 'Declare a stock');
    await page.getByLabel('Material').selectOption('gallium');
    await page.getByLabel('Form').fill('metal');
    await page.getByLabel('Purity').fill('99.99');
    await page.getByLabel('Tonnes').fill('12.5');
    await page.getByLabel('As of').fill('2026-06-30');
    await page.getByLabel('Released to').selectOption('US');
    await page.getByRole('button', { name: 'Declare', exact: true }).click();
    await page.getByText('Recorded at').waitFor();
    await declarer.go('/decisions', 'Decisions');
    await page.getByText('An approver of your country has to approve this').waitFor();
    await partner.go('/stocks', 'Stocks');
    await partner.page.getByText('There is no declaration that you may see.').waitFor();

    await approver.go('/decisions', 'Decisions');
    const row = approver.page.getByRole('row', { name: /Tonnes/ });
    expect(await row.textContent()).toContain('12.5 t');
    expect(await approver.barriers()).toEqual([]);
    await approver.page.getByRole('button', { name: 'Approve' }).click();
    await approver.page.getByText('Nothing waits for Japan.').waitFor();
    await partner.page.getByText('12.5 t').waitFor();
  });

  it('lets an approver confirm a pledge', async () => {
    const [delegate, approver] = [await at('EU.DELEGATE.1'), await at('EU.APPROVER.1')];
    const { page } = delegate;
    await page.getByRole('button', { name: 'Pledge' }).click();
    const form = page.locator('form').filter({ has: page.getByLabel('Amount') });
    await form.getByLabel('Amount').fill('40000000');
    await form.getByRole('button', { name: 'Pledge' }).click();
    await page.getByText('Recorded at').waitFor();
    await approver.go('/decisions', 'Decisions');
    await approver.page.getByRole('heading', { name: /Confirm the pledge of/ }).waitFor();
    await approver.page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('cell', { name: '€40,000,000' }).nth(1).waitFor();
  });

  it('changes who can see a record in a dialog that keeps the keyboard and gives it back', async () => {
    const desk = await at('EU.DELEGATE.1');
    const { page } = desk;
    const opener = page.getByRole('button', { name: 'Who can see this' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Japan').first().waitFor();
    expect(await desk.barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await opener.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  it('is gone about by the keyboard: past the pages to the content, and to pages by their letters', async () => {
    const { page } = await at('EU.DELEGATE.1');
    await page.goto('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByRole('heading', { level: 1, name: 'Materials' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  });

  it('saves a list for spreadsheets, with how each row is marked, in a file whose name says how to handle it', async () => {
    const desk = await at('EU.DELEGATE.1');
    await desk.go('/projects', 'Projects');
    const saved = desk.page.waitForEvent('download');
    await desk.page.getByRole('button', { name: 'Export' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/^TLP-AMBER_projects_\d{4}-\d\d-\d\d[.]csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toMatch(/^\uFEFFid,title,.*,owner,handling,level\r\n/);
    expect(text).toContain(`"${TITLE}",KZ,gallium,REFINING,PROPOSED`);
    expect(text.trimEnd().endsWith('EU,TLP:AMBER,OPEN')).toBe(true);
  });

  it('speaks the language that its reader chooses, and keeps to it', async () => {
    const { page } = await at('EU.DELEGATE.1');
    for (const [name, heading] of [
      ['Français', 'Projets'],
      ['Deutsch', 'Projekte'],
      ['日本語', '事業'],
      ['English', 'Projects'],
    ] as const) {
      await page.locator('header select').last().selectOption({ label: name });
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  const PAGES: readonly (readonly [string, string | RegExp])[] = [
    ['/', /wait/],
    ['/decisions', 'Decisions'],
    ['/materials', 'Materials'],
    ['/materials/gallium', 'Gallium'],
    ['/projects', 'Projects'],
    ['/pledges', 'Pledges'],
    ['/stocks', 'Stocks'],
    ['/briefs', 'Briefs'],
    ['/groups', 'Groups'],
    ['/members', 'Members'],
    ['/readings', 'What others read'],
    ['/recalls', 'Recalls'],
    ['/history', 'History'],
    ['/me', 'You'],
  ];

  it.each(['light', 'dark'] as const)('has no barrier on any page, %s, and fits 320 pixels', async (colorScheme) => {
    const desk = await Desk.open(platform.graphql, { colorScheme, ...(colorScheme === 'dark' && { width: 320 }) });
    await desk.signIn('JP.DELEGATE.1');
    for (const [path, heading] of PAGES) {
      await desk.go(path, heading);
      await desk.settled();
      await desk.picture(`${path.slice(1).replace('/', '-') || 'home'}-${colorScheme}`);
      expect([path, await desk.barriers()]).toEqual([path, []]);
      expect([path, Math.max(0, await desk.sideways())]).toEqual([path, 0]);
    }
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });

  it('shows nothing of before to whoever comes after somebody has signed out', async () => {
    const desk = await at('JP.DELEGATE.1');
    await desk.go('/projects', 'Projects');
    await desk.page.getByRole('link', { name: TITLE }).waitFor();
    await desk.page.getByRole('button', { name: 'Sign out' }).click();
    await desk.heading('Sign in').waitFor();
    await desk.page.goBack().catch(() => null);
    await desk.heading('Sign in').waitFor();
    expect(await desk.page.content()).not.toContain(TITLE);
  });

  it('has broken no rule of its policy and asked nobody else, in all of this', () =>
    expect([...desks].flatMap(([person, { complaints }]) => complaints.map((each) => `${person} ${each}`))).toEqual(
      [],
    ));
});
