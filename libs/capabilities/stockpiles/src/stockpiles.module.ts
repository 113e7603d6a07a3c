import { StockDeclarationResolver } from './declaration/declaration.resolver.js';
import { StockTotalResolver } from './total/total.resolver.js';

export const stockpilesResolvers = [StockDeclarationResolver, StockTotalResolver];
