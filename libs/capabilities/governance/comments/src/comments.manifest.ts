import { capability } from '@kernel';
import { commentRecordType } from './comment/comment.record.js';
import { commentsView } from './comment/comments.view.js';

export { commentRecordType };

/** All that is said beside a record. */
export const comments = capability({
  name: 'comments',
  recordTypes: [commentRecordType],
  views: [commentsView],
});
