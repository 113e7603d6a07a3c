import type { Filter, Place, Range } from '@foundation/eventing';
import type { AnyView, Field, Reader } from '@kernel';
import { COUNTED, COUNTS } from './counts.js';
import { columnOf, fieldsOf } from './tables.js';
import {
  admits,
  MARKINGS,
  readerAsParameters,
  visible,
  visibleWithin,
  type VisibilityFilter,
  type Whole,
} from './visibility.js';

/** The tables that a question goes to: the view's own and, where its rows are parts, those of their wholes. */
export type Tables = { readonly own: string; readonly version: number; readonly wholes: readonly Whole[] };
/** The parts of a query under construction. */
export class Question {
  readonly where: string[] = [];
  readonly values: unknown[] = [];
  readonly #view: AnyView;
  readonly #tables: Tables;
  readonly #seen: string;
  readonly #sight: VisibilityFilter;

  constructor(view: AnyView, tables: Tables, reader: Reader) {
    this.#view = view;
    this.#tables = tables;
    const given = readerAsParameters(reader, (value) => this.parameter(value));
    this.#seen = `SELECT m.id, m.owner = ANY (${given.audiences}) AS own FROM ${MARKINGS} m WHERE ${admits('m', given)}`;
    this.#sight = {
      classes: 'ARRAY(SELECT id FROM seen)',
      own: 'ARRAY(SELECT id FROM seen WHERE own)',
      breakGlassRecords: given.breakGlassRecords,
    };
  }

  /**
   * The whole statement. It begins by settling which marking classes admit the reader, at the instant of all of it.
   * @param rest what is asked of the rows
   */
  asked(rest: string): string {
    return `WITH seen AS MATERIALIZED (${this.#seen}) ${rest}`;
  }

  /** The part of the query that names the rows, when all conditions are in. */
  get readable(): string {
    return this.#rows(visible(this.#view, 't', this.#sight, this.#tables.wholes));
  }

  /** Leaves out what another reader may see too. */
  hideFrom(reader: Reader): void {
    const given = readerAsParameters(reader, (value) => this.parameter(value));
    const classes = `SELECT m.id FROM ${MARKINGS} m WHERE ${admits('m', given)}`;
    const own = `${classes} AND m.owner = ANY (${given.audiences})`;
    const sight: VisibilityFilter = { classes, own, breakGlassRecords: given.breakGlassRecords };
    this.where.push(`NOT ${visible(this.#view, 't', sight, this.#tables.wholes)}`);
  }

  get table(): string {
    return this.#tables.own;
  }

  /** How many rows of the view the classes hold that admit the reader, and whether that is counted at all. */
  get counts(): string {
    const { classes, breakGlassRecords } = this.#sight;
    const of = `name = ${this.parameter(this.#view.name)} AND version = ${this.#tables.version}`;
    const besides = `t.key = ANY (${breakGlassRecords}) AND NOT t.marking = ANY (${classes})`;
    return `SELECT coalesce(sum(rows), 0) + ${breakGlassRecords === null ? 0 : `(SELECT count(*) ${this.#rows(besides)})`} AS count,
      bool_or(marking = ${COUNTED}) AS counted FROM ${COUNTS} WHERE ${of} AND (marking = ${COUNTED} OR marking = ANY (${classes}))`;
  }

  /**
   * The first rows in an order that indexes keep class by class: the first of each class are taken, which costs the same
   * however many rows are hidden and wherever in the order they stand.
   * @param some the query for the first among some rows
   */
  firstOf(some: (rows: string) => string): string {
    const { classes, breakGlassRecords } = this.#sight;
    const within = visibleWithin(this.#view, 't', this.#sight, this.#tables.wholes);
    const byClass = `SELECT first.* FROM unnest(${classes}) AS class(id)
      CROSS JOIN LATERAL (${some(this.#rows('t.marking = class.id', within))}) first`;
    return breakGlassRecords === null
      ? byClass
      : `${byClass} UNION (${some(this.#rows(`t.key = ANY (${breakGlassRecords})`))})`;
  }

  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  #rows(...rules: string[]): string {
    return `FROM ${this.table} t WHERE ${[...rules, ...this.where].join(' AND ')}`;
  }
}

/** @throws Error where the view does not declare the field for that use */
export const declared = (view: AnyView, name: string, use: 'filter' | 'sort'): Field => {
  const field = (view.fields as Record<string, Field>)[name];
  if (!field?.[use]) throw new Error(`${view.name} does not declare ${name} as a field to ${use} by`);
  return field;
};

/** @throws Error where the view has no such field of that kind */
export const kindOf = (view: AnyView, name: string, kind: Field['kind']): void => {
  if (!fieldsOf(view).some(([each, field]) => each === name && field.kind === kind))
    throw new Error(`${view.name} has no ${kind} field ${name}`);
};

/** The conditions of coming after a place in an order. */
export const beyond = (
  question: Question,
  columns: readonly string[],
  than: '>' | '<',
  field: Field | undefined,
  { key, value }: Place,
): string[] => {
  if (field === undefined) return [`t.key ${than} ${question.parameter(key)}`];
  const given = question.parameter(value);
  const place = field.kind === 'decimal' ? [`${given}::numeric::double precision`, `${given}::numeric`] : [given];
  const whole = `(${[...columns, 't.key'].join(', ')}) ${than} (${[...place, question.parameter(key)].join(', ')})`;
  // The approximation alone, so that there is a condition by which the index can be entered.
  return field.kind === 'decimal' ? [`${columns[0]} ${than}= ${place[0]}`, whole] : [whole];
};

/** The condition that a filter puts on a field. */
export const condition = (
  question: Question,
  name: string,
  field: Field,
  wanted: NonNullable<Filter[string]>,
): string => {
  const column = `t.${columnOf(name)}`;
  if (field.kind === 'texts')
    return `${column} && ${question.parameter(Array.isArray(wanted) ? wanted : [wanted])}::text[]`;
  if (Array.isArray(wanted)) return `${column} = ANY(${question.parameter(wanted)})`;
  if (typeof wanted !== 'object') return `${column} = ${question.parameter(wanted)}`;
  const { from, to } = wanted as Range;
  const ends = [
    from == null ? [] : [`${column} >= ${question.parameter(from)}`],
    to == null ? [] : [`${column} <= ${question.parameter(to)}`],
  ].flat();
  return ends.length === 0 ? 'true' : ends.join(' AND ');
};
