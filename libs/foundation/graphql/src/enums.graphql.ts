import { registerEnumType } from '@nestjs/graphql';
import { level, role, stage, tlp, type Choice } from '@kernel';

const registered = new Map<string, object>();

/** The enum of a choice, registered once by its name. */
export const enumTypeOf = <T extends string>({ graphql, description, meanings }: Choice<T>): { [K in T]: K } => {
  const words = Object.keys(meanings) as T[];
  const known = registered.get(graphql);
  if (known) {
    if (Object.keys(known).join() !== words.join()) throw new Error(`two choices are called ${graphql}`);
    return known as { [K in T]: K };
  }
  const made = Object.fromEntries(words.map((word) => [word, word])) as { [K in T]: K };
  registered.set(graphql, made);
  registerEnumType(made, {
    name: graphql,
    description,
    valuesMap: Object.fromEntries(words.map((word) => [word, { description: meanings[word] }])) as never,
  });
  return made;
};

export const LevelEnum = enumTypeOf(level);
export const RoleEnum = enumTypeOf(role);
export const StageEnum = enumTypeOf(stage);
export const TlpEnum = enumTypeOf(tlp);
