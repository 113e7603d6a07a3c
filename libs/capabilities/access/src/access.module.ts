import { EmergencyAccessResolver } from './emergency-access/emergency-access.resolver.js';
import { GroupResolver } from './group/group.resolver.js';
import { MandateResolver } from './mandate/mandate.resolver.js';
import { MemberResolver } from './member/member.resolver.js';
import { PersonResolver } from './person/person.resolver.js';

export const accessResolvers = [
  MemberResolver,
  GroupResolver,
  PersonResolver,
  MandateResolver,
  EmergencyAccessResolver,
];
