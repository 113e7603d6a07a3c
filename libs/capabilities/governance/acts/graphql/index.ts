export { actsResolvers } from '../src/acts.module.js';
