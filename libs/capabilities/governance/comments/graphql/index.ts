export { CommentAllowance } from '../src/comment/allowance.process.js';
export { commentsResolvers } from '../src/comments.module.js';
