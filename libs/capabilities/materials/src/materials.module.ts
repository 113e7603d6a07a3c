import { Module } from '@nestjs/common';
import { MaterialResolver } from './material/material.resolver.js';
import { ProductionResolver } from './production/production.resolver.js';

export const materialsResolvers = [MaterialResolver, ProductionResolver];

@Module({ providers: materialsResolvers })
export class MaterialsModule {}
