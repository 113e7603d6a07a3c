export { principalOf, type AccessRegister } from './access.register.js';
