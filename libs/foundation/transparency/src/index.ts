/**
 * The verifiable log, pure: no I/O, no clock, nothing of the platform. What it accepts and refuses is what the
 * specifications do: RFC 6962 and 9162 (trees, proofs), RFC 8785 (canonical JSON), RFC 8032 (Ed25519), and of C2SP
 * signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof, tlog-policy, tlog-witness.
 */
export * from './canonical-json.js';
export * from './checkpoint.js';
export * from './commitment.js';
export { cosignedAt, cosignedMessage } from './cosignature.js';
export * from './ed25519.js';
export { fromBase64, fromDecimal, toBase64 } from './encoding.js';
export * from './jws.js';
export {
  EMPTY_ROOT,
  type Hash,
  HASH_LENGTH,
  isHash,
  leafHash,
  MerkleTree,
  type NodeId,
  nodeHash,
  type OnNode,
  peaksOf,
  rootOf,
} from './merkle.js';
export * from './note-algorithm.js';
export * from './note-key.js';
export * from './policy.js';
export {
  consistencyProof,
  inclusionProof,
  type LeafCount,
  type NodeSource,
  requireConsistency,
  requireInclusion,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from './proof.js';
export * from './signed-checkpoint.js';
export * from './signed-note.js';
export * from './tiles.js';
export { formatTlogProof, LONGEST_PROOF, parseTlogProof, type TlogProof, verifyTlogProof } from './tlog-proof.js';
export { TransparencyError, type TransparencyFault } from './transparency-error.js';
export * from './witness-request.js';
