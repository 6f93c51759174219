/** The environment in which `npm run worker` and the image start the processes. */
export const AS_SHIPPED = { NODE_OPTIONS: '--max-semi-space-size=8', MALLOC_ARENA_MAX: '2' };
