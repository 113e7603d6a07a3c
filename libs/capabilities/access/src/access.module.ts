import { Module } from '@nestjs/common';
import { GroupResolver } from './group/group.resolver.js';
import { MemberResolver } from './member/member.resolver.js';
import { PersonResolver } from './person/person.resolver.js';

export const accessResolvers = [MemberResolver, GroupResolver, PersonResolver];

@Module({ providers: accessResolvers })
export class AccessModule {}
