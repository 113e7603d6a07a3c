import { CommentResolver } from './comment/comment.resolver.js';

export const commentsResolvers = [CommentResolver];
