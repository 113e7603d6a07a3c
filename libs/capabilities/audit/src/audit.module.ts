import { Module } from '@nestjs/common';
import { AuditMandateResolver } from './audit-mandate/audit-mandate.resolver.js';
import { SigningKeysResolver } from './signing-keys/signing-keys.resolver.js';

export const auditResolvers = [AuditMandateResolver, SigningKeysResolver];

@Module({ providers: auditResolvers })
export class AuditModule {}
