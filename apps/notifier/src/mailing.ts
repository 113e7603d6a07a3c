import {
  nextDigest,
  quietUntil,
  recipientOf,
  SYSTEM_RULE,
  type Alert,
  type Hours,
  type QueuedMail,
} from '@foundation/alerting';
import type { AlertSettingEvent } from '@capabilities/alerts';
import type { Instant, Party } from '@kernel';
import type { Addressee } from './mailer.js';
import type { Rules } from './rules.js';
import type { Sight } from './sight.js';

/** What comes within this time goes into one message, in milliseconds. */
const GROUP_WAIT_MS = 30_000;

type Settings = AlertSettingEvent['data'] & { readonly owner: Party };

/** Which alerts go to whom by e-mail, and when: by what each person has set, and its rules ask for. */
export const mailsFor = (rules: Rules, alerts: readonly Alert[], now: Instant, waitMs = GROUP_WAIT_MS): QueuedMail[] =>
  alerts.flatMap((alert) =>
    personsOf(rules, alert).flatMap((settings) => {
      if (!settings.mailbox || isSilent(settings, alert, now)) return [];
      const saved = alert.rule === SYSTEM_RULE ? null : rules.rule(alert.rule);
      const channels = saved ? (saved.channels ?? []) : (['EMAIL'] as const);
      const hours = settings as Hours;
      const soon = new Date(Date.parse(now) + waitMs).toISOString() as Instant;
      const isUrgent = alert.severity === 'CRITICAL' && saved?.quietHours !== 'RESPECT';
      const sendAt = channels.includes('EMAIL')
        ? isUrgent
          ? now
          : quietUntil(hours, soon)
        : channels.includes('DIGEST')
          ? nextDigest(hours, now)
          : null;
      const recipient = recipientOf(settings.owner, settings.as.person);
      return sendAt ? [{ alert: alert.id, recipient, sendAt }] : [];
    }),
  );

/** The persons behind a recipient who have said when and where they are reached: of a role, those who have it. */
const personsOf = (rules: Rules, { recipient }: Alert): readonly Settings[] =>
  [...rules.settings.values()].filter(({ owner, as }) =>
    [as.person, ...as.roles].some((each) => recipientOf(owner, each) === recipient),
  );

const isSilent = ({ silences = [] }: Settings, { kind, key, severity }: Alert, now: Instant): boolean =>
  severity !== 'CRITICAL' &&
  silences.some(
    ({ kinds, records, materials, until }) =>
      // Of materials nothing is known here: a silence of these is for the rule to keep.
      until > now && !materials?.length && isAny(kinds, kind) && isAny(records, key),
  );

const isAny = (wanted: readonly string[] | undefined, one: string): boolean => !wanted?.length || wanted.includes(one);

/** Whom a recipient is, and where it is reached, now; null where the person acts for its party no longer. */
export const addresseeIn =
  (rules: Rules, sight: Sight) =>
  (recipient: string): Addressee | null => {
    const settings = [...rules.settings.values()].find(({ owner, as }) => recipientOf(owner, as.person) === recipient);
    const { mailbox, owner, as } = settings ?? {};
    const who = owner && as ? sight.principalOf({ owner, as: { ...as, country: as.country ?? null } }) : null;
    return mailbox && who ? { mailbox, who } : null;
  };
