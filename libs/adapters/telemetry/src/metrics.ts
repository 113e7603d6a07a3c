/** Parts that a program reports on, as `/health/ready` names them. */
export const PARTS = [
  'eventStore',
  'readStore',
  'views',
  'notifier',
  'keys',
  'registers',
  'history',
  'clock',
  'log',
] as const;

/** What a figure moves with. */
export type Tells =
  /** Whether something is as it should be. */
  | 'state'
  /** Time and the machine: it differs from one reading to the next, whatever people do. */
  | 'machine'
  /** What people do, in figures that a hundred of it in ten minutes does not move. */
  | 'people';

export type Metric = {
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly tells: Tells;
  /** All labels that it may have, each with its values, or the form of names that stand in code or settings. */
  readonly labels: Readonly<Record<string, readonly string[] | RegExp>>;
};

const metric = (kind: Metric['kind'], tells: Tells, help: string, labels: Metric['labels'] = {}): Metric => ({
  kind,
  tells,
  help,
  labels,
});
/** Views are named in code. */
const VIEW = { view: /^[a-z]+\.[a-zA-Z]+$/ };
/** Witnesses are named in a policy that everybody may read. */
const WITNESS = { witness: /^[^\s+]+$/ };
const DONE = { kind: ['query', 'command'] };

/**
 * Every metric of every program. None tells who does what, to which record, of which country, or how often: each is a
 * state, a fault, an age or a property of the machine (ADR 42). Whoever adds one says which.
 */
export const METRICS = {
  lodestone_build_info: metric('gauge', 'state', 'The version that runs; always 1.', { version: /^\d+\.\d+\.\d+/ }),
  lodestone_ready: metric('gauge', 'state', 'Whether the program does its work: what /health/ready answers.'),
  lodestone_part_up: metric('gauge', 'state', 'Whether a part is as it should be.', { part: PARTS }),
  lodestone_errors_total: metric('counter', 'state', 'Errors that the program has told in its log.'),

  lodestone_cpu_seconds_total: metric('counter', 'machine', 'Processor time, in whole seconds.'),
  lodestone_memory_bytes: metric('gauge', 'machine', 'Memory of the process, in units of 16 MiB.'),
  lodestone_event_loop_delay_seconds: metric(
    'gauge',
    'machine',
    'How late the process gets to its work: what 99 % of the last minute did not exceed, in steps.',
  ),
  lodestone_disk_free_ratio: metric('gauge', 'machine', 'Free part of the disk with the data, in hundredths.'),
  lodestone_probe_seconds: metric('gauge', 'machine', 'How long a part took to answer this program’s own question.', {
    part: ['eventStore', 'readStore', 'keys'],
  }),
  lodestone_clock_offset_seconds: metric('gauge', 'machine', 'How far this machine’s clock is before the database’s.'),

  lodestone_view_behind: metric('gauge', 'state', 'Whether readers of a view see less than there is.', VIEW),
  lodestone_view_failed: metric('gauge', 'state', 'Whether a view has stopped.', VIEW),

  lodestone_operations_per_minute: metric(
    'gauge',
    'people',
    'Operations of the last ten minutes, in tens a minute, at least ten; the edge between two figures is drawn at random.',
    DONE,
  ),
  lodestone_operation_seconds: metric(
    'gauge',
    'people',
    'What so large a part of the operations did not exceed, in steps; the shortest while there are few.',
    { ...DONE, quantile: ['0.5', '0.95'] },
  ),
  lodestone_refusals_per_minute: metric(
    'gauge',
    'people',
    'Requests that were refused in the last ten minutes, counted as operations are.',
    { reason: ['unauthenticated', 'rate_limited'] },
  ),

  lodestone_log_alarm: metric('gauge', 'state', 'Whether the verifiable log is not continued.'),
  lodestone_checkpoint_age_seconds: metric('gauge', 'machine', 'Age of the latest published checkpoint.'),
  lodestone_witness_age_seconds: metric('gauge', 'machine', 'How long ago a witness cosigned last.', WITNESS),
  lodestone_history_check_age_seconds: metric(
    'gauge',
    'machine',
    'How long ago the whole history was last found to be what the log says, in whole minutes.',
  ),
} satisfies Readonly<Record<`lodestone_${string}`, Metric>>;

export type MetricName = keyof typeof METRICS;
