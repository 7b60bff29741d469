/**
 * Loaded before a chapter's demonstration (`--import`): who reads it may have enough (head(1)). The
 * rest is done in silence, so that what was made is removed.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
