import { AlertsResolver } from './inbox/alerts.resolver.js';

export { alertHandlers as alertsHandlers } from './inbox/alerts.query.js';

export const alertsResolvers = [AlertsResolver];
