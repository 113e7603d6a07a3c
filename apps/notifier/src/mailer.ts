import type { MailQueue, HeldMail } from '@foundation/alerting';
import { nextTry } from '@foundation/alerting';
import { idOfAlert } from '@foundation/eventing';
import type { AnyAlertKind, Capability, Instant, Principal } from '@kernel';
import type { Mail, MailTransport } from './mail-transport.js';
import { Refused } from './mail-transport.js';

/** How long a person is left alone after a message, in milliseconds: a flood makes no more of them. */
const GROUP_INTERVAL_MS = 300_000;
const LOOK_EVERY_MS = 1_000;
/** Alerts that a message names one by one. */
const MOST_NAMED = 20;

/** Whom a recipient is, and where it is reached, now. */
export type Addressee = { readonly mailbox: string; readonly who: Principal };

/** Who may see what of alerts now, for messages. */
export type Looks = {
  addressee(recipient: string): Addressee | null;
  /** Of some alerts, those whose record the person may read now, and that may be spoken of outside. */
  sayable(who: Principal, held: HeldMail['alerts']): Promise<HeldMail['alerts']>;
};

/**
 * Sends what waits. A message says the kinds and the links, and nothing of a record; and it speaks only of what its
 * receiver may read at that moment.
 */
export class Mailer {
  readonly #kinds: ReadonlyMap<string, AnyAlertKind>;

  constructor(
    capabilities: readonly Capability[],
    private readonly queue: MailQueue,
    private readonly looks: () => Looks | null,
    private readonly transport: MailTransport,
    private readonly console: string,
    private readonly now: () => Instant,
    private readonly report: (reason: unknown) => void,
  ) {
    this.#kinds = new Map(capabilities.flatMap(({ alerts = [] }) => alerts).map((each) => [each.kind, each]));
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let isMore = false;
      const looks = this.looks();
      try {
        if (looks) isMore = await this.queue.next(this.now(), GROUP_INTERVAL_MS, (held) => this.#send(held, looks));
      } catch (error) {
        this.report(error);
      }
      if (!isMore) await pause(LOOK_EVERY_MS, signal);
    }
  }

  async #send(held: HeldMail, looks: Looks): Promise<void> {
    const to = looks.addressee(held.recipient);
    const alerts = to ? await looks.sayable(to.who, held.alerts) : [];
    if (!to || alerts.length === 0) return await held.done('GONE');
    try {
      await this.transport.send(this.#mail(to.mailbox, held.recipient, alerts));
      await held.done('DELIVERED');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const again = error instanceof Refused ? null : nextTry(this.now(), held.tries + 1, Math.random());
      await (again ? held.later(again, reason) : held.done('FAILED', reason));
    }
  }

  #mail(mailbox: string, recipient: string, alerts: HeldMail['alerts']): Mail {
    const named = alerts.slice(0, MOST_NAMED);
    const lines = named.map(({ kind, severity, key }) => {
      const { description, view } = this.#kinds.get(kind)!;
      const word = view.node.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
      return `${severity}  ${description}\n${this.console}/records/${word}/${key}`;
    });
    const more = alerts.length - named.length;
    return {
      // The same for the same alerts: who gets it twice can tell.
      id: idOfAlert(
        'mail',
        '',
        alerts
          .map(({ id }) => id)
          .toSorted()
          .join(),
        recipient,
      ),
      to: mailbox,
      subject: alerts.length === 1 ? 'Lodestone: an alert' : `Lodestone: ${alerts.length} alerts`,
      text: `${[...lines, ...(more > 0 ? [`${more} more are in your inbox.`] : [])].join('\n\n')}\n\n${this.console}/alerts\n`,
      unsubscribe: `${this.console}/alerts`,
    };
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
