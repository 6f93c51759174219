// Runs the command of an image: `worker`, `watcher`, `set-up`, or `cli` with its arguments. Bundled as seinode.js,
// beside the files that it chooses from.

const COMMANDS = ['worker', 'watcher', 'set-up', 'cli'];

const [, , command = ''] = process.argv;
if (command === 'set-up') {
  // A command of the command line, which finds its own name in the arguments.
  await import(new URL('cli.js', import.meta.url).href);
} else if (COMMANDS.includes(command)) {
  // The rest reads as if the chosen file had been started itself.
  process.argv.splice(2, 1);
  await import(new URL(`${command}.js`, import.meta.url).href);
} else {
  const given = command === '' ? 'no command' : `"${command}"`;
  process.stderr.write(`seinode: ${given}: expected one of ${COMMANDS.join(', ')}\n`);
  process.exitCode = 2;
}
