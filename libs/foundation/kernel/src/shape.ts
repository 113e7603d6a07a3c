/** How a value is kept and what may be asked of it: equality or any-of, membership of a list, or a range. */
export type FieldKind = 'text' | 'prose' | 'texts' | 'decimal' | 'integer';

/** A value that cannot be what it claims to be. The message finishes the sentence "<field> …". */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

/** A kind of value: how it is read, what clients call it, and how a read model keeps it. */
export type Value<T, Given = never> = ((given: Given) => T) & {
  /** Name of its GraphQL type. */
  readonly graphql: string;
  readonly kind: FieldKind;
  /** What a client has to know of its limits: goes into every description. */
  readonly limit?: string;
};

export const value = <T, Given>(
  graphql: string,
  kind: FieldKind,
  read: (given: Given) => T,
  limit?: string,
): Value<T, Given> => Object.assign(read, { graphql, kind, ...(limit && { limit }) });

/** One of a few words, each with what it means. */
export type Choice<T extends string> = Value<T, string> & {
  readonly description: string;
  readonly meanings: Readonly<Record<T, string>>;
};

export const oneOf = <T extends string>(
  graphql: string,
  description: string,
  meanings: Readonly<Record<T, string>>,
): Choice<T> => {
  const read = (given: string): T => {
    if (!Object.hasOwn(meanings, given)) throw new InvalidValue(`must be one of ${Object.keys(meanings).join(', ')}`);
    return given as T;
  };
  return Object.assign(value(graphql, 'text', read), { description, meanings });
};

/** The words of a choice in capitals, as clients write them. */
export const inCapitals = <T extends string>({ graphql, description, meanings }: Choice<T>): Choice<T> => {
  const words = Object.keys(meanings) as T[];
  const inCapital = oneOf<string>(
    graphql,
    description,
    Object.fromEntries(words.map((word) => [word.toUpperCase(), meanings[word]])) as Record<string, string>,
  );
  const read = (given: string): T => words.find((word) => word.toUpperCase() === inCapital(given))!;
  return Object.assign(read, { ...inCapital }) as unknown as Choice<T>;
};

/** The words of a choice but these. Clients know it under the same name. */
export const without = <T extends string, U extends T>(choice: Choice<T>, ...words: readonly U[]) => {
  const { graphql, meanings } = choice;
  const others = Object.entries(meanings).filter(([word]) => !(words as readonly string[]).includes(word));
  const read = oneOf<Exclude<T, U>>(graphql, '', Object.fromEntries(others) as Record<Exclude<T, U>, string>);
  return value(graphql, 'text', (given: string) => read(given));
};

/** One field of what a command asks for, an event tells or a row shows. */
export type Field<T = unknown> = { readonly value: Value<T>; readonly description: string };
export type Optional<T = unknown> = Field<T> & { readonly isOptional: true };
/** Clients may leave it out, and then it is this. */
export type Otherwise<T = unknown> = Field<T> & { readonly otherwise: T };
export type Many<T = unknown> = Field<readonly T[]> & {
  readonly of: Value<T>;
  readonly least: number;
  readonly most: number;
  readonly distinct: boolean;
};
export type Shape = Readonly<Record<string, Field>>;

export const required = <T>(of: Value<T>, description: string): Field<T> => ({ value: of, description });
export const optional = <T>(of: Value<T>, description: string): Optional<T> => ({
  value: of,
  description,
  isOptional: true,
});
/** Always there, and null where there is nothing to say. */
export const nullable = <T>(of: Value<T>, description: string): Field<T | null> & { readonly isNullable: true } => ({
  value: of,
  description,
  isNullable: true,
});
/** The same field, which may be left out. */
export const omittable = <T>(field: Field<T>): Optional<T> => ({ ...field, isOptional: true });
/** A field that clients may leave out: the value is then the one given here. */
export const otherwise = <T, F extends Field<T>>(field: F & Field<T>, value: NoInfer<T>): F & Otherwise<T> => ({
  ...field,
  otherwise: value,
});
export const many = <T>(
  of: Value<T>,
  description: string,
  { least = 0, most = 100, distinct = false } = {},
): Many<T> => {
  const read = (given: readonly never[]): readonly T[] => {
    if (given.length < least || given.length > most) throw new InvalidValue(`must have ${least} to ${most} items`);
    return given.map((each) => of(each));
  };
  return { value: value(of.graphql, 'texts', read), description, of, least, most, distinct };
};

/** The type of a shape. */
export type Of<S extends Shape> = {
  readonly [K in keyof S as S[K] extends Optional ? never : K]: ValueIn<S[K]>;
} & {
  readonly [K in keyof S as S[K] extends Optional ? K : never]?: ValueIn<S[K]>;
};
type ValueIn<F> = F extends Field<infer T> ? T : never;

/** Several fields under one name, such as an amount with its currency. */
export type Composite<S extends Shape> = Value<Of<S>, Of<S>> & { readonly description: string; readonly of: S };
export const composite = <S extends Shape>(graphql: string, description: string, of: S): Composite<S> => {
  const read = (given: Of<S>): Of<S> =>
    Object.fromEntries(
      Object.entries(of).flatMap(([name, field]) => {
        const one = (given as Record<string, unknown>)[name];
        return one == null ? [] : [[name, field.value(one as never)] as const];
      }),
    ) as Of<S>;
  return Object.assign(value(graphql, 'text', read), { description, of });
};

/** The same fields, any of which may be left out. */
export const partial = <S extends Shape>(shape: S): { readonly [K in keyof S]: Optional<ValueIn<S[K]>> } =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, omittable(field)])) as never;
