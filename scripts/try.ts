/** `npm run try -- .github/workflows/deploy.yml`: a step of a workflow, run as it stands against a simulated AWS account. */
import { takesColours } from './runner-log.ts';
import { tryCommand } from './try/command.ts';

// `npm run try ... | head`: who reads no further has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await tryCommand(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  colours: takesColours(),
});
