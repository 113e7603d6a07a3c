export { accessRequestsView, type AccessRequestRow } from './access-request/access-requests.view.js';
export { briefsView, type BriefRow } from './brief/briefs.view.js';
export * from './briefs.manifest.js';
export { useRequestsView, type UseRequestRow } from './use-request/use-requests.view.js';
