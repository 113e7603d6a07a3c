import type { Subscription } from '@adapters/lodestone-client';
import type { Claims } from './claims.js';
import type { People } from './people.js';
import type { Story } from './story.js';

const PATIENCE_MS = 10_000;

type ProjectChange = {
  readonly projectChanged: { readonly project: { readonly id: string; readonly status: string } };
};
type PledgeChange = { readonly pledgeChanged: { readonly pledge: { readonly id: string; readonly drawn: string } } };

const PROJECTS = 'subscription ($after: Cursor) { projectChanged(after: $after) { cursor project { id status } } }';
const PLEDGES = 'subscription ($after: Cursor) { pledgeChanged(after: $after) { cursor pledge { id drawn } } }';

/** Three who listen while the story is played. */
export class Listeners {
  private constructor(
    private readonly japan: Subscription<ProjectChange>,
    private readonly australia: Subscription<ProjectChange>,
    private readonly kazakhstan: Subscription<PledgeChange>,
  ) {}

  /** Resolves when the platform delivers to all of them. */
  static async of(people: People): Promise<Listeners> {
    const listeners = new Listeners(
      people.as('JP LIAISON').subscribe(PROJECTS),
      people.as('AU LIAISON').subscribe(PROJECTS),
      people.as('KZ LIAISON').subscribeBySse(PLEDGES),
    );
    await Promise.all([listeners.japan.opened, listeners.australia.opened, listeners.kazakhstan.opened]);
    return listeners;
  }

  /**
   * What each of them heard of the story. Its last project is for all members and its last draw-down for Kazakhstan too:
   * whoever has heard of those has heard of all that came before.
   * @returns sentences for the report
   */
  async heard({ gallium, rareEarths, grant }: Story, claims: Claims): Promise<readonly string[]> {
    const [japan, australia, kazakhstan] = await Promise.all([
      until(this.japan, ({ projectChanged: { project } }) => project.id === rareEarths),
      until(this.australia, ({ projectChanged: { project } }) => project.id === rareEarths),
      until(this.kazakhstan, ({ pledgeChanged: { pledge } }) => pledge.id === grant && pledge.drawn === '15000000'),
    ]);
    const toJapan = japan.map(({ projectChanged: { project } }) => project);
    const toAustralia = australia.map(({ projectChanged: { project } }) => project);
    const toKazakhstan = kazakhstan.map(({ pledgeChanged: { pledge } }) => pledge);
    const ofGallium = toJapan.filter(({ id }) => id === gallium);

    claims.hold('JP heard live that the gallium project was designated', ofGallium.at(-1)?.status, 'DESIGNATED');
    claims.hold(
      'AU heard of its own project, and nothing of the gallium project',
      [...new Set(toAustralia.map(({ id }) => id))],
      [rareEarths],
    );
    claims.hold(
      'KZ heard of the grant, and of no other pledge',
      [...new Set(toKazakhstan.map(({ id }) => id))],
      [grant],
    );
    return [
      `JP, over a WebSocket, heard ${times(ofGallium.length)} of the gallium project and ${times(toJapan.length - ofGallium.length)} of the rare earth project.`,
      `AU, over a WebSocket, heard ${times(toAustralia.length)} of its rare earth project, and not a word of the gallium project.`,
      `KZ, over server-sent events, heard ${times(toKazakhstan.length)} of the grant, and not a word of the guarantee and the loan.`,
    ];
  }
}

/** Everything delivered up to the item that is waited for. */
const until = async <T>(subscription: Subscription<T>, isLast: (item: T) => boolean): Promise<readonly T[]> => {
  const items: T[] = [];
  const late = setTimeout(() => subscription.stop(), PATIENCE_MS);
  for await (const item of subscription) {
    items.push(item);
    if (isLast(item)) break;
  }
  clearTimeout(late);
  return items;
};

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
