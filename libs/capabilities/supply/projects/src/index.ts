export { pledgesView, type PledgeRow } from './pledge/pledges.view.js';
export { projectsView, type ProjectRow } from './project/projects.view.js';
export * from './projects.manifest.js';
