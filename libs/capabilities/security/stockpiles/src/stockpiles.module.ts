import { StockDeclarationResolver } from './declaration/declaration.resolver.js';

export const stockpilesResolvers = [StockDeclarationResolver];
