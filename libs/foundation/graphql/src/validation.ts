import { plainToInstance } from 'class-transformer';
import { registerDecorator, validate, type ValidationError } from 'class-validator';
import { InvalidValue } from '@kernel';

/** The input's property is what a kernel value parser accepts, of text or of a number. Undefined and null are left to @IsOptional. */
export const Is =
  (
    parse: (given: never) => unknown,
    { each = false, of = 'string' }: { readonly each?: boolean; readonly of?: 'string' | 'number' } = {},
  ): PropertyDecorator =>
  (target, property) => {
    const problem = (value: unknown): string | null => {
      if (typeof value !== of) return of === 'string' ? 'must be text' : 'must be a whole number';
      try {
        parse(value as never);
        return null;
      } catch (error) {
        if (error instanceof InvalidValue) return error.message;
        throw error;
      }
    };
    const problems = (value: unknown): (string | null)[] =>
      each ? (Array.isArray(value) ? value.map(problem) : ['must be a list']) : [problem(value)];
    registerDecorator({
      name: 'is',
      target: target.constructor,
      propertyName: property as string,
      options: {},
      validator: {
        validate: (value: unknown) => problems(value).every((each_) => each_ === null),
        defaultMessage: (args) => `${args!.property} ${problems(args!.value).find((one) => one !== null)}`,
      },
    });
  };

/** What is wrong with an input, by the path of the field: empty when nothing is. */
export const problemsOf = async <T extends object>(
  inputType: new () => T,
  given: T,
): Promise<{ input: T; problems: Record<string, string> }> => {
  const input = plainToInstance(inputType, given);
  const errors = await validate(input, { forbidUnknownValues: true });
  return { input, problems: Object.fromEntries(errors.flatMap((error) => flatten(error, ''))) };
};

const flatten = (error: ValidationError, path: string): [string, string][] => {
  const here = `${path}${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message): [string, string] => [here, message]);
  return [...own.slice(0, 1), ...(error.children ?? []).flatMap((child) => flatten(child, `${here}.`))];
};
