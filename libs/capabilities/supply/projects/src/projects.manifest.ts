import { capability } from '@kernel';
import { pledgeAlerts } from './pledge/pledge.alerts.js';
import { projectAlerts } from './project/project.alerts.js';
import { pledgeRecordType } from './pledge/pledge.record.js';
import { pledgesView } from './pledge/pledges.view.js';
import { projectRecordType } from './project/project.record.js';
import { projectsView } from './project/projects.view.js';

export { pledgeRecordType, projectRecordType };

/** Projects along the value chain, and what countries promise to put into them. */
export const projects = capability({
  name: 'projects',
  recordTypes: [projectRecordType, pledgeRecordType],
  views: [projectsView, pledgesView],
  alerts: [...projectAlerts, ...pledgeAlerts],
});
