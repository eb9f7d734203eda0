/** `npm run policy -- .github/workflows/deploy.yml`: the IAM policy that the steps of a workflow file need. */
import { policyCommand } from './policy/command.ts';

process.exitCode = policyCommand(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
});
