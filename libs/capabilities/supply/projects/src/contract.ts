export { pledgesView } from './pledge/pledges.view.js';
export { projectsView } from './project/projects.view.js';
