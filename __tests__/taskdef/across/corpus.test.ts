import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../src/failure.ts';
import type { TemplateInputs } from '../../../src/inputs/types.ts';
import { checked } from '../../../src/taskdef/check.ts';
import { parseJson } from '../../../src/taskdef/json-file.ts';
import { render } from '../../../src/taskdef/render.ts';
import { toTemplate } from '../../../src/taskdef/template.ts';

/** AWS's own samples, as they stand in its documentation. */
const FOLDER = '__tests__/fixtures/task-definitions';
const NO_INPUTS: TemplateInputs = {
  source: { kind: 'service' },
  images: [],
  variables: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
  tags: [],
};

/** Those that ECS would refuse, with the true reason; every other file is registered as it stands. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'create-blue-green-1.json': /aws_account_id.* is not a role/,
  'specifying-sensitive-data-tutorial-1.json': /aws_account_id.* is not a role/,
  'creating-resources-with-cloudformation-2.json': /CloudFormation template/,
  'firelens-taskdef-3.json': /family: is missing/,
  'using_firelens-1.json': /family: is missing/,
  'sample-kibana_ec2.json': /hostPort: with the network mode awsvpc it must equal containerPort 5601/,
  'sample-tomcat_ec2.json': /hostPort: with the network mode awsvpc it must equal containerPort 8080/,
  'secrets-envvar-secrets-manager-2.json': /family: is missing/,
  'secrets-envvar-secrets-manager-4.json': /family: is missing/,
  'secrets-envvar-secrets-manager-6.json': /family: is missing/,
  'secrets-logconfig-1.json': /logConfiguration: is a list/,
  'specifying-sensitive-data-parameters-2.json': /logConfiguration: is a list/,
  'tutorial-wfsx-volumes-1.json': /volume `fsx-windows-dir` does not exist/,
};

test.each(readdirSync(FOLDER))('%s', (name) => {
  const parse = () => {
    const template = toTemplate(parseJson(readFileSync(join(FOLDER, name), 'utf8'), name), name);
    return { template, definition: checked(render(template, NO_INPUTS, { builtIns: [] }), name, false) };
  };
  const reason = REFUSED[name];
  if (reason) {
    try {
      parse();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Failure);
      expect((thrown as Failure).describe()).toMatch(reason);
      return;
    }
    throw new Error(`${name} was accepted`);
  }
  const { template, definition } = parse();
  expect(definition).toEqual(template.definition);
});

test('the schema is what the SDK ships now', () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/task-definition-schema.ts', '--check'], { stdio: 'pipe' }),
  ).not.toThrow();
});
