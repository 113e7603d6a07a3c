import type { Type } from '@nestjs/common';

/** `ListMaterial` → `listMaterial` */
export const fieldOf = (type: string): string => type[0]!.toLowerCase() + type.slice(1);
/** `ListMaterial` → `list material` */
export const wordsOf = (type: string): string =>
  fieldOf(type).replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);

/** Gives a resolver class one more method, as if it were written there with its decorators. */
export const method = (
  of: Type,
  name: string,
  body: (...args: never[]) => unknown,
  decorate: MethodDecorator,
  parameters: readonly ParameterDecorator[],
  types: readonly unknown[] = [],
): void => {
  Object.defineProperty(of.prototype, name, { value: body, writable: true, configurable: true });
  const paramTypes = parameters.map((_, at) => types[at] ?? Object);
  Reflect.defineMetadata('design:paramtypes', paramTypes, of.prototype, name);
  parameters.forEach((each, at) => each(of.prototype, name, at));
  decorate(of.prototype, name, Object.getOwnPropertyDescriptor(of.prototype, name)!);
};
