import { type Hash, nodeHash, type NodeSource, rootOf, TILE_HEIGHT, TILE_WIDTH } from '@foundation/transparency';

/** How many chunks a tree of this many leaves has; the last may be smaller. */
export const chunksIn = (size: number): number => Math.ceil(size / TILE_WIDTH);

/**
 * The same tree, seen from the roots of its chunks: RFC 6962 splits a tree at powers of two, so a tree over the roots of
 * equal, full chunks, and of a smaller last one, has the root of the tree over the leaves.
 *
 * @param nodes of the tree of leaves
 * @param lastHashes leaf hashes of the last chunk, if that is not full
 */
export const chunkNodes =
  (nodes: NodeSource, size: number, lastHashes: () => Promise<readonly Hash[]>): NodeSource =>
  async (level, index) => {
    const isFull = (index + 1) * 2 ** level * TILE_WIDTH <= size;
    if (isFull) return await nodes(level + TILE_HEIGHT, index);
    if (level === 0) return rootOf(await lastHashes());
    const inner = chunkNodes(nodes, size, lastHashes);
    return nodeHash(await inner(level - 1, 2 * index), await inner(level - 1, 2 * index + 1));
  };
