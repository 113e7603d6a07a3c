import { accessSync, constants } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { undoAfterwards } from '../../support/cleanup.js';
import { PATIENCE_MS } from '../../support/patience.js';

/** Where Debian and others put Chromium. */
const PLACES = [
  process.env['LODESTONE_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const isProgram = (file: string | undefined): file is string => {
  try {
    accessSync(file!, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The browser that the console is tried in; null on a machine that has none.
 * @throws under CI, where nothing is left out
 */
export const chromiumHere = (): string | null => {
  const found = PLACES.find(isProgram) ?? null;
  if (found === null && process.env['CI'])
    throw new Error('The console is tried in Chromium, and there is none: apt-get install -y chromium');
  return found;
};

let browser: Promise<Browser> | null = null;
const started = (): Promise<Browser> => {
  if (browser) return browser;
  browser = chromium.launch({ executablePath: chromiumHere()!, timeout: PATIENCE_MS });
  undoAfterwards(async () => {
    await (await browser)?.close();
    browser = null;
  });
  return browser;
};

type Look = { readonly colorScheme?: 'light' | 'dark'; readonly width?: number; readonly locale?: string };

/** Somebody before a browser of their own, and whatever the browser complained of. */
export class Desk {
  /** Broken rules of the page's policy, and requests to anybody else. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly origin: string,
  ) {}

  static async open(
    graphql: string,
    { colorScheme = 'light', width = 1280, locale = 'en-GB' }: Look = {},
  ): Promise<Desk> {
    const { origin } = new URL(graphql);
    const context = await (
      await started()
    ).newContext({ baseURL: origin, colorScheme, locale, viewport: { width, height: 900 } });
    context.setDefaultTimeout(PATIENCE_MS / 3);
    context.setDefaultNavigationTimeout(PATIENCE_MS / 3);
    const desk = new Desk(context, await context.newPage(), origin);
    await context.exposeFunction('policyBroken', (what: string) => void desk.complaints.push(`policy: ${what}`));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
        (globalThis as unknown as { policyBroken: (what: string) => void }).policyBroken(
          `${violatedDirective} ${blockedURI} ${sample}`,
        ),
      );
    });
    desk.page.on('request', (request) => {
      const { host, pathname, protocol } = new URL(request.url());
      const isOurs = host === new URL(origin).host || pathname.startsWith('/development/') || protocol === 'data:';
      if (!isOurs) desk.complaints.push(`request: ${request.url()}`);
    });
    desk.page.on('pageerror', (error) => desk.complaints.push(`error: ${error.message}`));
    return desk;
  }

  /** Signs in at the development provider as a person of it, such as `JP.DELEGATE.1`. */
  async signIn(person: string, at = '/'): Promise<void> {
    await this.page.goto(at);
    await this.page.getByRole('link', { name: 'Development: made-up persons' }).click();
    await this.page.getByLabel('Somebody else').fill(person);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async go(path: string, heading: string | RegExp): Promise<void> {
    await this.page.goto(path);
    await this.heading(heading).waitFor();
  }

  /** When nothing on the page waits for an answer any more. */
  async settled(): Promise<void> {
    await this.page.locator('main [aria-busy="true"]').first().waitFor({ state: 'hidden' });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** What is wrong with the page for people who cannot see, hear or point: WCAG 2.2 AA and best practice. */
  async barriers(): Promise<readonly string[]> {
    const { violations } = await new AxeBuilder({ page: this.page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      // There are hundreds of countries and currencies to choose from, and each is a text.
      .exclude('option')
      .setLegacyMode()
      .analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  /** Keeps a picture of the page, where somebody wants pictures. */
  async picture(name: string): Promise<void> {
    const folder = process.env['LODESTONE_PICTURES'];
    if (folder) await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }

  /** By how many CSS pixels the page is wider than its window. */
  async sideways(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
