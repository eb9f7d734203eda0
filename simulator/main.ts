/** `npm run simulator`: an AWS account on loopback for the AWS CLI, docker, and this action. */
import { parseArgs } from 'node:util';
import { RealClock } from './clock.ts';
import { REGION, Simulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4566' },
    speed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run simulator -- [--port 4566] [--speed 1]

Simulates ECS, ECR (with a registry to push to), CloudWatch Logs and STS on 127.0.0.1.
  --port N    where it listens; 0 takes a free port
  --speed N   simulated seconds in each real one, for quicker rollouts`);
} else {
  const { endpoint } = await new Simulator(new RealClock(Number(values.speed))).listen(Number(values.port));
  console.log(`# AWS on loopback; paste these lines into a shell, then use aws, docker or this action.
export AWS_ENDPOINT_URL=${endpoint}
export AWS_REGION=${REGION} AWS_ACCESS_KEY_ID=SIMULATED AWS_SECRET_ACCESS_KEY=simulated`);
}
