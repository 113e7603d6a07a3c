/**
 * Loaded into every program of the platform before anything else: it ends with its launcher, however that ends and
 * whatever the program is doing. A program that shuts down in good order is given the time to.
 */
const GRACE_MS = 5_000;

process.once('disconnect', () => setTimeout(() => process.exit(1), GRACE_MS).unref());
// Listening must not keep a program alive that is done.
process.channel?.unref();
