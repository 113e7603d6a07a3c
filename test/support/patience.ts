/**
 * How long a test waits for an event before it gives up, in milliseconds. Never a claim about speed: nothing that works
 * comes near it. `LODESTONE_PATIENCE=3` triples it, for a machine that is busy with other things.
 */
export const PATIENCE_MS = 60_000 * Number(process.env['LODESTONE_PATIENCE'] ?? 1);
