import { Module } from '@nestjs/common';
import { StockDeclarationResolver } from './declaration/declaration.resolver.js';

export const stockpilesResolvers = [StockDeclarationResolver];

@Module({ providers: stockpilesResolvers })
export class StockpilesModule {}
