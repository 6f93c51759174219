// What an image runs: `worker`, `watcher`, `set-up`, or `cli` with what is to be done. Bundled as
// seinode.js, beside those that it chooses from.

const COMMANDS = ['worker', 'watcher', 'set-up', 'cli'];

const [, , command = ''] = process.argv;
if (command === 'set-up') {
  // A command of the command line, which finds its name where it looks for it.
  await import(new URL('cli.js', import.meta.url).href);
} else if (COMMANDS.includes(command)) {
  // What is left reads as if the chosen one had been started itself.
  process.argv.splice(2, 1);
  await import(new URL(`${command}.js`, import.meta.url).href);
} else {
  const given = command === '' ? 'no command' : `"${command}"`;
  process.stderr.write(`seinode: ${given}: expected one of ${COMMANDS.join(', ')}\n`);
  process.exitCode = 2;
}
