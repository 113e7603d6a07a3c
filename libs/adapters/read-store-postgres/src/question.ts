import type { Filter, Place, Range } from '@foundation/eventing';
import type { AnyView, Field, Reader } from '@kernel';
import { COUNTED, COUNTS } from './counts.js';
import { columnOf, fieldsOf } from './tables.js';
import { admits, MARKINGS, readerAsLiterals, visible, visibleWithin, type VisibilityFilter } from './visibility.js';

/** The tables that a question goes to: the view's own and, where its rows are parts, that of their wholes. */
export type Tables = { readonly own: string; readonly version: number; readonly parent: string | null };
/** The ids of the classes that admit a reader, those of its own people's among them, and the records opened to it. */
export type Seen = {
  readonly classes: readonly number[];
  readonly own: readonly number[];
  readonly breakGlassRecords: readonly string[];
};

/** The parts of a query under construction. */
export class Question {
  readonly where: string[] = [];
  readonly values: unknown[] = [];
  readonly #view: AnyView;
  readonly #tables: Tables;
  readonly #sight: VisibilityFilter;

  constructor(view: AnyView, tables: Tables, seen: Seen) {
    this.#view = view;
    this.#tables = tables;
    this.#sight = {
      classes: `${this.parameter(seen.classes)}::integer[]`,
      // A parameter that a query does not use is an error.
      own: view.parent ? `${this.parameter(seen.own)}::integer[]` : '',
      breakGlassRecords:
        seen.breakGlassRecords.length === 0 ? null : `${this.parameter(seen.breakGlassRecords)}::text[]`,
    };
  }

  /** The part of the query that names the rows, when all conditions are in. */
  get readable(): string {
    return this.#rows(visible(this.#view, 't', this.#sight, this.#tables.parent));
  }

  /** Leaves out what another reader may see too. */
  hideFrom(reader: Reader): void {
    const literals = readerAsLiterals(reader);
    const classes = `SELECT m.id FROM ${MARKINGS} m WHERE ${admits('m', literals)}`;
    const own = `${classes} AND m.owner = ANY (${literals.audiences})`;
    const sight: VisibilityFilter = { classes, own, breakGlassRecords: literals.breakGlassRecords };
    this.where.push(`NOT ${visible(this.#view, 't', sight, this.#tables.parent)}`);
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
    const within = visibleWithin(this.#view, 't', this.#sight, this.#tables.parent);
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
