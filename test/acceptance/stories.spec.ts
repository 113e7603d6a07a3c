import { auditStory } from './stories/audit.js';
import { briefStory } from './stories/briefs.js';
import { commentStory } from './stories/comments.js';
import { capacityStory } from './stories/capacities.js';
import { erasureStory } from './stories/erasure.js';
import { nodeStory } from './stories/nodes.js';
import { projectStory } from './stories/projects.js';
import { replayStory } from './stories/replay.js';
import { totalStory } from './stories/totals.js';

// One platform for all of them: starting one takes longer than most of what they tell. In this order, since the first
// ones look at whole lists.
capacityStory();
projectStory();
replayStory();
briefStory();
commentStory();
auditStory();
erasureStory();
totalStory();
nodeStory();
