export { commentsView, type CommentRow } from './comment/comments.view.js';
export { TARGETS } from './comment/comment.events.js';
export * from './comments.manifest.js';
