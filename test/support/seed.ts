import fc from 'fast-check';

/** Properties are tested with the same numbers in every run, so that a failure can be repeated; GLOWPORT_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env['GLOWPORT_SEED'] ?? 20261122) });
