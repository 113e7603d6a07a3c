import { PersonResolver } from './person/person.resolver.js';

export const accessResolvers = [PersonResolver];
