export { stockDeclarationsView } from './declaration/stock-declarations.view.js';
